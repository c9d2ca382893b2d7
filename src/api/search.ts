import { type Static, Type } from '@sinclair/typebox';
import { imageId, named, nullable, oneOf } from './common.js';
import { ImageSummary } from './images.js';

const share = (description: string) => Type.Number({ minimum: 0, maximum: 1, description });

export const Crop = named(
  'Crop',
  'A part of an image, seen upright, as shares of its width and height.',
  Type.Object(
    {
      x: share('Left edge.'),
      y: share('Upper edge.'),
      width: share('Of the whole width.'),
      height: share('Of the whole height.'),
    },
    { additionalProperties: false },
  ),
);
export type Crop = Static<typeof Crop>;

export const QueryImage = named(
  'QueryImage',
  'An image to search for: exactly one of `id`, `file` and `url`.',
  Type.Object(
    {
      id: Type.Optional(imageId),
      file: Type.Optional(
        Type.String({ maxLength: 100, description: 'Name of the part of the upload that has its bytes.' }),
      ),
      url: Type.Optional(
        Type.String({ maxLength: 2000, description: 'Only where the server was told to allow it.' }),
      ),
      weight: Type.Optional(
        Type.Number({
          exclusiveMinimum: 0,
          maximum: 1000,
          description: 'Default 1; of those to be unlike 0.5.',
        }),
      ),
      crop: Type.Optional(Crop),
    },
    { additionalProperties: false },
  ),
);
export type QueryImage = Static<typeof QueryImage>;

export const SearchRequest = named(
  'SearchRequest',
  'What to search for. As JSON; with files, as the part `query` of multipart/form-data beside the parts that it names.',
  Type.Object(
    {
      like: Type.Array(QueryImage, { minItems: 1, maxItems: 16 }),
      unlike: Type.Optional(Type.Array(QueryImage, { maxItems: 16 })),
      where: Type.Optional(
        Type.Union([Type.String({ maxLength: 10_000 }), Type.Record(Type.String(), Type.Unknown())], {
          description: 'A filter: as text, or as an object.',
          examples: ['label = cat and width >= 640'],
        }),
      ),
      k: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 24 })),
      offset: Type.Optional(Type.Integer({ minimum: 0, maximum: 100_000, default: 0 })),
      minScore: Type.Optional(Type.Number({ minimum: -1, maximum: 1 })),
      minProbability: Type.Optional(share('Of calibrated models, and for one image.')),
      fold: Type.Optional(
        Type.Union([oneOf(['copies', 'nothing']), Type.Number({ minimum: 0, maximum: 1 })], {
          description:
            'What is shown as one: copies of a file, nothing, or what is at least so near as a cosine.',
          default: 'copies',
        }),
      ),
      diversity: Type.Optional(share('How much results shall differ among each other.')),
      histogram: Type.Optional(Type.Boolean({ description: 'Whether to say how the scores are spread.' })),
    },
    { additionalProperties: false },
  ),
);
export type SearchRequest = Static<typeof SearchRequest>;

export const likenesses = ['same', 'similar', 'weak'] as const;

export const SearchHit = named(
  'SearchHit',
  'An image that was found.',
  Type.Object({
    ...ImageSummary.properties,
    rank: Type.Integer({ minimum: 1, description: 'Over all pages.' }),
    score: Type.Number({ description: 'Cosine with the query, in [-1, 1].' }),
    probability: nullable(Type.Number(), 'That it is of the class of the query; of calibrated models.'),
    likeness: nullable(oneOf(likenesses), 'The probability in words: at least 0.8, at least 0.5, less.'),
    alike: Type.Array(Type.Object({ ...ImageSummary.properties, score: Type.Number() }), {
      description: 'What was folded into it.',
    }),
  }),
);
export type SearchHit = Static<typeof SearchHit>;

export const ScoreHistogram = named(
  'ScoreHistogram',
  'How the scores of the nearest images are spread.',
  Type.Object({
    from: Type.Number({ description: 'Lower edge of the first bin.' }),
    to: Type.Number({ description: 'Upper edge of the last.' }),
    counts: Type.Array(Type.Integer(), { description: 'Of bins of one width.' }),
    images: Type.Integer({ description: 'That were counted: the nearest 10,000 at most.' }),
  }),
);
export type ScoreHistogram = Static<typeof ScoreHistogram>;

export const SearchResponse = named(
  'SearchResponse',
  'What was found, the most like first.',
  Type.Object({
    hits: Type.Array(SearchHit),
    more: Type.Boolean({ description: 'Whether another page follows.' }),
    searched: Type.Integer({ description: 'Images that were searched.' }),
    milliseconds: Type.Number(),
    histogram: nullable(ScoreHistogram),
    hints: Type.Array(Type.String(), { description: 'What is odd about the filter.' }),
  }),
);
export type SearchResponse = Static<typeof SearchResponse>;
