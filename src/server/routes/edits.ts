import { Type } from '@sinclair/typebox';
import { ImageDetails, ImageEdit, ImagesChanged, ImagesEdit, imageId } from '../../api/index.js';
import type { Routes } from '../api-server.js';
import { CollectionParams, collectionOf } from '../collection-of.js';

export const editRoutes: Routes = (server, served) => {
  server.patch(
    '/collections/:collection/images',
    {
      schema: {
        operationId: 'editImages',
        summary: 'Sets label, split or metadata of some images',
        description:
          'All of it or none. No source sets back what is set here. Ids that there are not are not counted.',
        tags: ['images'],
        params: CollectionParams,
        body: ImagesEdit,
        response: { 200: ImagesChanged },
      },
    },
    async ({ params, body, signal }) =>
      collectionOf(served, params.collection).call('editImages', body, { signal }),
  );

  server.patch(
    '/collections/:collection/images/:id',
    {
      schema: {
        operationId: 'editImage',
        summary: 'Sets label, split or metadata of an image',
        description: 'No source sets back what is set here.',
        tags: ['images'],
        params: Type.Object({ ...CollectionParams.properties, id: imageId }),
        body: ImageEdit,
        response: { 200: ImageDetails },
      },
    },
    async ({ params: { collection, id }, body, signal }) => {
      const service = collectionOf(served, collection);
      await service.call('editImages', { ids: [id], ...body }, { signal });
      // Of one that there is not, this says so.
      return service.call('image', { id }, { signal });
    },
  );
};
