import { ModelDetails } from '../../api/index.js';
import type { Routes } from '../api-server.js';
import { CollectionParams, collectionOf } from '../collection-of.js';

export const modelRoutes: Routes = (server, served) => {
  server.get(
    '/collections/:collection/model',
    {
      schema: {
        operationId: 'getModel',
        summary: 'The model of a collection, and what made it',
        tags: ['model'],
        params: CollectionParams,
        response: { 200: ModelDetails },
      },
    },
    async ({ params, signal }) => collectionOf(served, params.collection).call('model', {}, { signal }),
  );
};
