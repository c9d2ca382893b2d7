import { Type } from '@sinclair/typebox';
import { SearchRequest, SearchResponse } from '../../api/index.js';
import type { Routes } from '../api-server.js';
import { CollectionParams, collectionOf } from '../collection-of.js';
import { readSearch } from '../read-search.js';

const withFiles = Type.Object(
  { query: SearchRequest },
  {
    additionalProperties: Type.Unsafe<Uint8Array>({ type: 'string', format: 'binary' }),
    description: 'The query as JSON, and files under the names that it gives them.',
  },
);

export const searchRoutes: Routes = (server, served) => {
  server.post(
    '/collections/:collection/search',
    {
      config: { work: 'search', harmless: true },
      schema: {
        operationId: 'search',
        tags: ['search'],
        summary: 'The images most like some, and least like others',
        params: CollectionParams,
        body: {
          content: {
            'application/json': { schema: SearchRequest },
            'multipart/form-data': { schema: withFiles },
          },
        },
        response: { 200: SearchResponse },
      },
    },
    async (request) => {
      const service = collectionOf(served, (request.params as { collection: string }).collection);
      return service.call('search', await readSearch(server, request), { signal: request.signal });
    },
  );
};
