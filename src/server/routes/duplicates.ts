import { Decisions, DuplicatesPage, DuplicatesQuery, ImagesChanged, TrashList } from '../../api/index.js';
import type { Routes } from '../api-server.js';
import { CollectionParams, collectionOf } from '../collection-of.js';

const tags = ['duplicates'];

export const duplicateRoutes: Routes = (server, served) => {
  server.get(
    '/collections/:collection/duplicates',
    {
      schema: {
        operationId: 'listDuplicates',
        tags,
        summary: 'Images that are copies of one another, and what was decided of them',
        params: CollectionParams,
        querystring: DuplicatesQuery,
        response: { 200: DuplicatesPage },
      },
    },
    async ({ params, query, signal }) =>
      collectionOf(served, params.collection).call('duplicates', query, { signal }),
  );

  server.put(
    '/collections/:collection/duplicates/decisions',
    {
      schema: {
        operationId: 'decideDuplicates',
        tags,
        summary: 'Decides which images are to be trash; the job `trash` moves them',
        params: CollectionParams,
        body: Decisions,
        response: { 200: ImagesChanged },
      },
    },
    async ({ params, body, signal }) =>
      collectionOf(served, params.collection).call('decide', body, { signal }),
  );

  server.get(
    '/collections/:collection/trash',
    {
      schema: {
        operationId: 'listTrash',
        tags,
        summary: 'What was moved to the trash; the job `restore` puts it back',
        params: CollectionParams,
        response: { 200: TrashList },
      },
    },
    async ({ params, signal }) => collectionOf(served, params.collection).call('trash', {}, { signal }),
  );
};
