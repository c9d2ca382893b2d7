import { type Static, Type } from '@sinclair/typebox';
import { imageId, named, nullable, oneOf, time } from './common.js';

/** What a grid shows of an image. Its small picture is at `…/images/{id}/thumbnail?v={version}`. */
export const ImageSummary = named(
  'ImageSummary',
  'An image, as a grid shows it.',
  Type.Object({
    id: imageId,
    name: Type.String({ description: 'Path relative to its source, or what a manifest gave as id.' }),
    label: nullable(Type.String()),
    width: nullable(Type.Integer()),
    height: nullable(Type.Integer()),
    version: Type.String({
      description: 'Changes with its pixels; pictures asked for with it may be kept for good.',
    }),
  }),
);
export type ImageSummary = Static<typeof ImageSummary>;

export const ImageDetails = named(
  'ImageDetails',
  'All that is known of an image.',
  Type.Object({
    ...ImageSummary.properties,
    path: Type.String({
      description: 'Of the file; of an image in an archive, the archive and its own name.',
    }),
    source: Type.String({ description: 'What it was added by.' }),
    split: nullable(Type.String()),
    bytes: nullable(Type.Integer()),
    format: nullable(Type.String()),
    sha256: nullable(Type.String()),
    addedAt: time,
    modifiedAt: nullable(time, 'When its file was last changed.'),
    missingSince: nullable(time, 'Since when its file is gone.'),
    metadata: Type.Record(Type.String(), Type.Unknown()),
    edited: Type.Boolean({
      description: 'Whether label, split or metadata were set here and not by its source.',
    }),
    hasOriginal: Type.Boolean({ description: 'Whether `…/original` can be had.' }),
    hasVector: Type.Boolean(),
  }),
);
export type ImageDetails = Static<typeof ImageDetails>;

export const imageOrders = ['id', '-id', 'name', '-name', 'label', '-label', 'addedAt', '-addedAt'] as const;

export const ImagesQuery = Type.Object({
  filter: Type.Optional(
    Type.String({ description: 'As of `imagekin search --filter`.', examples: ['label = cat'] }),
  ),
  missing: Type.Optional(
    Type.Boolean({ description: 'Only images whose files are gone. Default: only those that are there.' }),
  ),
  order: Type.Optional(oneOf(imageOrders)),
  offset: Type.Optional(Type.Integer({ minimum: 0, maximum: 2 ** 32, default: 0 })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 100 })),
});
export type ImagesQuery = Static<typeof ImagesQuery>;

export const ImagesPage = named(
  'ImagesPage',
  'Some of the images that meet a filter.',
  Type.Object({
    total: Type.Integer({ description: 'That meet the filter.' }),
    offset: Type.Integer(),
    images: Type.Array(ImageSummary),
    hints: Type.Array(Type.String(), { description: 'What is odd about the filter.' }),
  }),
);
export type ImagesPage = Static<typeof ImagesPage>;

export const FacetsQuery = Type.Object({
  filter: Type.Optional(Type.String()),
  fields: Type.Optional(
    Type.String({
      description: 'Names with commas between. Default: label, split, format, and metadata of few values.',
    }),
  ),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 50 })),
});
export type FacetsQuery = Static<typeof FacetsQuery>;

export const Facets = named(
  'Facets',
  'How many images have which values, of those that meet a filter.',
  Type.Object({
    total: Type.Integer(),
    facets: Type.Array(
      Type.Object({
        field: Type.String({ description: 'As it is written in a filter.' }),
        values: Type.Array(
          Type.Object({
            value: nullable(Type.String(), '`null` of those without one.'),
            images: Type.Integer(),
            filter: Type.String({
              description: 'The filter that means this value.',
              examples: ['label = cat'],
            }),
          }),
          { description: 'Those of the most images first.' },
        ),
        more: Type.Boolean({ description: 'Whether there are more values.' }),
      }),
    ),
  }),
);
export type Facets = Static<typeof Facets>;

const editedFields = {
  label: Type.Optional(nullable(Type.String({ maxLength: 500 }))),
  split: Type.Optional(nullable(Type.String({ maxLength: 100 }))),
  metadata: Type.Optional(
    Type.Record(Type.String({ maxLength: 200 }), Type.Unknown(), {
      description: 'Laid over what there is; `null` takes a key away.',
    }),
  ),
};

export const ImageEdit = named(
  'ImageEdit',
  'What is to be set of an image. What is left out stays.',
  Type.Object(editedFields, { additionalProperties: false, minProperties: 1 }),
);
export type ImageEdit = Static<typeof ImageEdit>;

export const ImagesEdit = named(
  'ImagesEdit',
  'What is to be set of some images.',
  Type.Object(
    { ids: Type.Array(imageId, { minItems: 1, maxItems: 100_000 }), ...editedFields },
    { additionalProperties: false, minProperties: 2 },
  ),
);
export type ImagesEdit = Static<typeof ImagesEdit>;

export const ImageIds = named(
  'ImageIds',
  'Some images.',
  Type.Object(
    { ids: Type.Array(imageId, { minItems: 1, maxItems: 100_000 }) },
    { additionalProperties: false },
  ),
);
export type ImageIds = Static<typeof ImageIds>;

export const ImageIdsToRead = named(
  'ImageIdsToRead',
  'Images of which all is to be told.',
  Type.Object({ ids: Type.Array(imageId, { minItems: 1, maxItems: 200 }) }, { additionalProperties: false }),
);
export type ImageIdsToRead = Static<typeof ImageIdsToRead>;

export const ImageDetailsList = named(
  'ImageDetailsList',
  'All that is known of some images, in the order that was asked for; those that are gone are left out.',
  Type.Object({ images: Type.Array(ImageDetails) }),
);
export type ImageDetailsList = Static<typeof ImageDetailsList>;

export const ImagesChanged = named(
  'ImagesChanged',
  'How many images that was.',
  Type.Object({ images: Type.Integer() }),
);
export type ImagesChanged = Static<typeof ImagesChanged>;
