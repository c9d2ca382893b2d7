import { Type } from '@sinclair/typebox';
import {
  Facets,
  FacetsQuery,
  ImageDetails,
  ImageDetailsList,
  ImageEdit,
  ImageIds,
  ImageIdsToRead,
  ImagesChanged,
  ImagesEdit,
  ImagesPage,
  ImagesQuery,
  imageId,
} from '../../api/index.js';
import { noImage } from '../../app/service/images/require-image.js';
import { openWithinRoots } from '../../app/service/images/within-roots.js';
import type { Routes } from '../api-server.js';
import { CollectionParams, collectionOf } from '../collection-of.js';
import { bytesOf, noContent } from '../responses.js';
import { isKnown, notModified, sendBytes, sendOriginal } from '../send-picture.js';

const ImageParams = Type.Object({ ...CollectionParams.properties, id: imageId });

const tags = ['images'];
const asVersion = Type.Optional(
  Type.String({ maxLength: 100, description: 'Its `version`; then it may be kept for good.' }),
);
const unchanged = Type.Null({ description: 'It is what `If-None-Match` names.' });

/** Of pictures that are made where no thumbnail is kept. */
const thumbnailPx = 256;

export const imageRoutes: Routes = (server, served) => {
  server.get(
    '/collections/:collection/images',
    {
      schema: {
        operationId: 'listImages',
        tags,
        summary: 'A page of the images that meet a filter',
        params: CollectionParams,
        querystring: ImagesQuery,
        response: { 200: ImagesPage },
      },
    },
    ({ params, query, signal }) => collectionOf(served, params.collection).call('images', query, { signal }),
  );

  server.patch(
    '/collections/:collection/images',
    {
      schema: {
        operationId: 'editImages',
        tags,
        summary: 'Sets label, split or metadata of some images',
        params: CollectionParams,
        body: ImagesEdit,
        response: { 200: ImagesChanged },
      },
    },
    ({ params, body, signal }) =>
      collectionOf(served, params.collection).call('editImages', body, { signal }),
  );

  server.post(
    '/collections/:collection/images/remove',
    {
      schema: {
        operationId: 'removeImages',
        tags,
        summary: 'Removes some images',
        description: 'Their files stay, but for those that were sent to this collection.',
        params: CollectionParams,
        body: ImageIds,
        response: { 200: ImagesChanged },
      },
    },
    ({ params, body, signal }) =>
      collectionOf(served, params.collection).call('removeImages', body, { signal }),
  );

  server.post(
    '/collections/:collection/images/details',
    {
      config: { harmless: true },
      schema: {
        operationId: 'readImages',
        tags,
        summary: 'All that is known of some images',
        params: CollectionParams,
        body: ImageIdsToRead,
        response: { 200: ImageDetailsList },
      },
    },
    ({ params, body, signal }) => collectionOf(served, params.collection).call('imageList', body, { signal }),
  );

  server.get(
    '/collections/:collection/images/:id',
    {
      schema: {
        operationId: 'getImage',
        tags,
        summary: 'All that is known of an image',
        params: ImageParams,
        response: { 200: ImageDetails },
      },
    },
    ({ params: { collection, id }, signal }) =>
      collectionOf(served, collection).call('image', { id }, { signal }),
  );

  server.patch(
    '/collections/:collection/images/:id',
    {
      schema: {
        operationId: 'editImage',
        tags,
        summary: 'Sets label, split or metadata of an image',
        params: ImageParams,
        body: ImageEdit,
        response: { 200: ImageDetails },
      },
    },
    async ({ params: { collection, id }, body, signal }) => {
      const service = collectionOf(served, collection);
      const { images } = await service.call('editImages', { ...body, ids: [id] }, { signal });
      if (images === 0) throw noImage(collection, id);
      return service.call('image', { id }, { signal });
    },
  );

  server.delete(
    '/collections/:collection/images/:id',
    {
      schema: {
        operationId: 'removeImage',
        tags,
        summary: 'Removes an image',
        description: 'Its file stays, unless it was sent to this collection.',
        params: ImageParams,
        response: { 204: noContent },
      },
    },
    async ({ params: { collection, id }, signal }, reply) => {
      const service = collectionOf(served, collection);
      const { images } = await service.call('removeImages', { ids: [id] }, { signal });
      if (images === 0) throw noImage(collection, id);
      return reply.code(204).send(null);
    },
  );

  server.get(
    '/collections/:collection/images/:id/thumbnail',
    {
      schema: {
        operationId: 'getThumbnail',
        tags,
        summary: 'Its small picture',
        params: ImageParams,
        querystring: Type.Object({ v: asVersion }),
        response: {
          200: bytesOf('At most 256 pixels at its longer side.', 'image/webp'),
          304: unchanged,
        },
      },
    },
    async (request, reply) => {
      const { params, query, signal } = request;
      const service = collectionOf(served, params.collection);
      const { id } = params;
      const { version, bytes } = await service.call('thumbnail', { id }, { signal });
      if (isKnown(request, reply, version, query.v === version)) return notModified(request, reply) as never;
      const shown = bytes ?? (await service.call('preview', { id, widthPx: thumbnailPx }, { signal })).bytes;
      return sendBytes(reply, 'image/webp', shown) as never;
    },
  );

  server.get(
    '/collections/:collection/images/:id/preview',
    {
      config: { work: 'search' },
      schema: {
        operationId: 'getPreview',
        tags,
        summary: 'Its picture, for a screen',
        params: ImageParams,
        querystring: Type.Object({
          width: Type.Optional(
            Type.Integer({ minimum: 1, maximum: 2000, default: 1600, description: 'At most, in pixels.' }),
          ),
          v: asVersion,
        }),
        response: { 200: bytesOf('Upright, not enlarged.', 'image/webp'), 304: unchanged },
      },
    },
    async (request, reply) => {
      const { params, query, signal } = request;
      const { width = 1600, v } = query;
      const service = collectionOf(served, params.collection);
      // What a browser has already need not be drawn again to know that.
      const { version } = await service.call('thumbnail', { id: params.id }, { signal });
      const tag = `${version}-${width}`;
      if (isKnown(request, reply, tag, v === version)) return notModified(request, reply) as never;
      const { bytes } = await service.call('preview', { id: params.id, widthPx: width }, { signal });
      return sendBytes(reply, 'image/webp', bytes) as never;
    },
  );

  server.get(
    '/collections/:collection/images/:id/original',
    {
      schema: {
        operationId: 'getOriginal',
        tags,
        summary: 'The bytes of its file',
        description:
          'Of files that lie in a source of the collection, whatever links lead to them, and no others. `Range` asks for a part.',
        params: ImageParams,
        response: {
          200: bytesOf('All of them.', 'image/*'),
          206: bytesOf('The part that `Range` asks for.', 'image/*'),
          304: unchanged,
        },
      },
    },
    async (request, reply) => {
      const { params, signal } = request;
      const service = collectionOf(served, params.collection);
      const { id } = params;
      const { file, version, ...about } = await service.call('original', { id }, { signal });
      if (file === null) {
        const bytes = await service.call('originalBytes', { id }, { signal });
        return (await sendOriginal(request, reply, { ...about, tag: version }, bytes)) as never;
      }
      const opened = await openWithinRoots(file.path, file.roots, `image ${id}`);
      // Of the file as it is now, which may have changed since it was added.
      const tag = `${opened.size}-${Math.trunc(opened.mtimeMs)}`;
      return (await sendOriginal(request, reply, { ...about, tag }, opened)) as never;
    },
  );

  server.get(
    '/collections/:collection/facets',
    {
      schema: {
        operationId: 'getFacets',
        tags,
        summary: 'How many images have which values',
        params: CollectionParams,
        querystring: FacetsQuery,
        response: { 200: Facets },
      },
    },
    ({ params, query, signal }) => collectionOf(served, params.collection).call('facets', query, { signal }),
  );
};
