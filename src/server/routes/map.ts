import { Type } from '@sinclair/typebox';
import { CollectionMap, mapPointsType } from '../../api/index.js';
import type { Routes } from '../api-server.js';
import { CollectionParams, collectionOf } from '../collection-of.js';
import { knownTag } from '../etag.js';
import { bytesOf } from '../responses.js';
import { notModified, sendBytes, setTag } from '../send-picture.js';

export const mapRoutes: Routes = (server, served) => {
  server.get(
    '/collections/:collection/map',
    {
      schema: {
        operationId: 'getMap',
        summary: 'Clusters and outliers',
        tags: ['map'],
        params: CollectionParams,
        response: { 200: CollectionMap },
      },
    },
    async ({ params, signal }) => collectionOf(served, params.collection).call('map', {}, { signal }),
  );

  server.get(
    '/collections/:collection/map/points',
    {
      schema: {
        operationId: 'getMapPoints',
        summary: 'Where images are on the map',
        description:
          'An Arrow IPC stream with the columns `id` uint32, `x` and `y` float32, `cluster` uint16, `outlierScore` float32 and `label`, a dictionary of utf8 that may be null.',
        tags: ['map'],
        params: CollectionParams,
        response: {
          200: bytesOf('The points.', mapPointsType),
          304: Type.Null({ description: 'They are what `If-None-Match` names.' }),
        },
      },
    },
    async (request, reply) => {
      const { params, headers, signal } = request;
      const service = collectionOf(served, params.collection);
      const known = knownTag(headers['if-none-match']);
      const { version, bytes } = await service.call('mapPoints', { known }, { signal });
      setTag(reply, version, false);
      if (bytes === null) return notModified(request, reply) as never;
      return sendBytes(reply, mapPointsType, bytes) as never;
    },
  );
};
