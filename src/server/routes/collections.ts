import { CollectionList, CollectionStatus } from '../../api/index.js';
import type { Routes } from '../api-server.js';
import { CollectionParams, collectionOf } from '../collection-of.js';

export const collectionRoutes: Routes = (server, served) => {
  server.get(
    '/collections',
    {
      schema: {
        operationId: 'listCollections',
        tags: ['collections'],
        summary: 'The collections that are served',
        response: { 200: CollectionList },
      },
    },
    async ({ signal }) => {
      const services = [...served.collections.values()];
      return {
        collections: await Promise.all(services.map((service) => service.call('summary', {}, { signal }))),
      };
    },
  );

  server.get(
    '/collections/:collection',
    {
      schema: {
        operationId: 'getCollection',
        tags: ['collections'],
        summary: 'What there is to say of a collection',
        params: CollectionParams,
        response: { 200: CollectionStatus },
      },
    },
    async ({ params, signal }) => collectionOf(served, params.collection).call('status', {}, { signal }),
  );
};
