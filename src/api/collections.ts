import { type Static, Type } from '@sinclair/typebox';
import { named, nullable, time } from './common.js';

export const ModelSummary = named(
  'ModelSummary',
  'The model whose vectors are searched.',
  Type.Object({
    name: Type.String(),
    id: Type.String({ description: 'SHA-256 of its file, hex.' }),
    dimension: Type.Integer(),
    hasFile: Type.Boolean({ description: '`false` of imported vectors alone: nothing new can be embedded.' }),
    calibrated: Type.Boolean({ description: 'Whether scores mean probabilities.' }),
  }),
);
export type ModelSummary = Static<typeof ModelSummary>;

export const CollectionSummary = named(
  'CollectionSummary',
  'A collection, as a list shows it.',
  Type.Object({
    name: Type.String({ description: 'As it stands in addresses.' }),
    images: Type.Integer({ description: 'Without the missing ones.' }),
    missing: Type.Integer({ description: 'Images whose files are gone.' }),
    failures: Type.Integer({ description: 'Files that could not be used.' }),
    labels: Type.Integer({ description: 'How many labels there are.' }),
    unlabelled: Type.Integer(),
    createdAt: time,
    model: ModelSummary,
  }),
);
export type CollectionSummary = Static<typeof CollectionSummary>;

export const CollectionList = named(
  'CollectionList',
  'The collections that are served.',
  Type.Object({ collections: Type.Array(CollectionSummary) }),
);

export const CollectionStatus = named(
  'CollectionStatus',
  'What there is to say of a collection.',
  Type.Object({
    ...CollectionSummary.properties,
    withoutVector: Type.Integer({ description: 'Images that no search finds.' }),
    sources: Type.Array(
      Type.Object({
        source: Type.String({ description: 'As it was given to `imagekin add`.' }),
        images: Type.Integer(),
        addedAt: time,
        walkedAt: nullable(time),
      }),
    ),
    reindex: nullable(
      Type.Object({ model: Type.String(), done: Type.Integer(), total: Type.Integer() }),
      'The model that is being changed to, and how far.',
    ),
    index: Type.Object({
      kind: Type.String({ description: '`auto`, `exact` or `hnsw`, as it was asked for.' }),
      quantization: Type.String(),
      recall: nullable(Type.Number(), 'Of a graph, measured on vectors of this collection.'),
    }),
    bytes: Type.Object({
      catalog: Type.Integer(),
      thumbnails: Type.Integer(),
      vectors: Type.Integer(),
      models: Type.Integer(),
      index: Type.Integer(),
      uploads: Type.Integer({ description: 'Files that were sent to it.' }),
      total: Type.Integer(),
    }),
  }),
);
export type CollectionStatus = Static<typeof CollectionStatus>;
