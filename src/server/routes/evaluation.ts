import { ConfusionPairs, ConfusionQuery, EvaluationSummary } from '../../api/index.js';
import type { Routes } from '../api-server.js';
import { CollectionParams, collectionOf } from '../collection-of.js';

export const evaluationRoutes: Routes = (server, served) => {
  server.get(
    '/collections/:collection/evaluation',
    {
      schema: {
        operationId: 'getEvaluation',
        summary: 'How well near images have the same label',
        tags: ['evaluation'],
        params: CollectionParams,
        response: { 200: EvaluationSummary },
      },
    },
    async ({ params, signal }) => collectionOf(served, params.collection).call('evaluation', {}, { signal }),
  );

  server.get(
    '/collections/:collection/evaluation/confusion',
    {
      schema: {
        operationId: 'getConfusion',
        summary: 'The images behind a cell of the confusion matrix',
        tags: ['evaluation'],
        params: CollectionParams,
        querystring: ConfusionQuery,
        response: { 200: ConfusionPairs },
      },
    },
    async ({ params, query, signal }) =>
      collectionOf(served, params.collection).call('confusionPairs', query, { signal }),
  );
};
