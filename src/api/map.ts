import { type Static, Type } from '@sinclair/typebox';
import { derivedState, imageId, named, nullable, time } from './common.js';
import { ImageSummary } from './images.js';

export const CollectionMap = named(
  'CollectionMap',
  'Clusters and outliers, as the last job `map` found them. Where images are on it, `…/map/points` says.',
  Type.Object({
    state: derivedState,
    computedAt: nullable(time),
    images: Type.Integer({ description: 'On the map.' }),
    laidOut: Type.Integer({ description: 'Of these, so many were laid out; the others placed among them.' }),
    trustworthiness: nullable(Type.Number(), 'How far neighbours on the map are neighbours indeed, 0 to 1.'),
    clusters: Type.Array(
      Type.Object({
        cluster: Type.Integer({ minimum: 1 }),
        images: Type.Integer(),
        medoid: imageId,
        label: nullable(Type.String(), 'The commonest of its images.'),
        labelShare: nullable(Type.Number()),
      }),
    ),
    outliers: Type.Array(
      Type.Object({
        ...ImageSummary.properties,
        cluster: Type.Integer(),
        distance: Type.Number({ description: 'Mean cosine distance to its nearest images.' }),
        outlierScore: Type.Number({
          description: 'How far above the median, in robust standard deviations.',
        }),
      }),
      { description: 'The farthest 500 at most, farthest first.' },
    ),
  }),
);
export type CollectionMap = Static<typeof CollectionMap>;

/**
 * Columns of the Arrow stream of `…/map/points`: `id` uint32, `x` and `y` float32, `cluster` uint16, `outlierScore` float32,
 * `label` dictionary of utf8, nullable.
 */
export const mapPointsType = 'application/vnd.apache.arrow.stream';
