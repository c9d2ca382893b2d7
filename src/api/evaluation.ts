import { type Static, Type } from '@sinclair/typebox';
import { ModelSummary } from './collections.js';
import { derivedState, named, nullable, time } from './common.js';
import { ImageSummary } from './images.js';

const figures = {
  precisionAt1: Type.Number(),
  precisionAt10: Type.Number(),
  rPrecision: Type.Number(),
  mapAtR: Type.Number(),
};

export const EvaluationSummary = named(
  'EvaluationSummary',
  'How well near images have the same label, each looked for among all others; as the last job `evaluate` found it.',
  Type.Object({
    state: derivedState,
    computedAt: nullable(time),
    images: Type.Integer({ description: 'With a label and a vector.' }),
    queries: Type.Integer({ description: 'Those whose label another image has.' }),
    figures: nullable(Type.Object(figures)),
    intervals: nullable(
      Type.Object({ precisionAt1: Type.Array(Type.Number(), { minItems: 2, maxItems: 2 }) }),
      'Bootstrap intervals of 95 %.',
    ),
    perLabel: Type.Array(
      Type.Object({
        label: Type.String(),
        images: Type.Integer(),
        precisionAt1: nullable(Type.Number()),
        mapAtR: nullable(Type.Number()),
      }),
    ),
    confusion: Type.Object({
      labels: Type.Array(Type.String()),
      counts: Type.Array(Type.Array(Type.Integer()), {
        description: 'By label of the image, then by label of the one nearest to it.',
      }),
      leftOut: Type.Integer({ description: 'Labels that are not shown, the smallest; 60 are at most.' }),
    }),
    suspects: Type.Array(
      Type.Object({
        ...ImageSummary.properties,
        suggested: Type.String({ description: 'The label of most of its nearest images.' }),
        share: Type.Number({
          description: 'Of the vote of its nearest images, that is for the suggested label.',
        }),
        ownShare: Type.Number({ description: 'That is for its own.' }),
      }),
      { description: 'Images whose neighbours have another label, the surest 500 first.' },
    ),
  }),
);
export type EvaluationSummary = Static<typeof EvaluationSummary>;

export const ConfusionQuery = Type.Object({
  of: Type.String({ maxLength: 500, description: 'Label of the images.' }),
  as: Type.String({ maxLength: 500, description: 'Label of the ones nearest to them.' }),
  offset: Type.Optional(Type.Integer({ minimum: 0, default: 0 })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
});
export type ConfusionQuery = Static<typeof ConfusionQuery>;

export const ConfusionPairs = named(
  'ConfusionPairs',
  'The images behind a cell of the confusion matrix, those with the highest score first.',
  Type.Object({
    total: Type.Integer(),
    offset: Type.Integer(),
    pairs: Type.Array(Type.Object({ image: ImageSummary, nearest: ImageSummary, score: Type.Number() })),
  }),
);
export type ConfusionPairs = Static<typeof ConfusionPairs>;

export const ModelDetails = named(
  'ModelDetails',
  'The model of a collection, and what made it.',
  Type.Object({
    ...ModelSummary.properties,
    inputSize: nullable(Type.Object({ width: Type.Integer(), height: Type.Integer() })),
    resize: nullable(Type.String()),
    bytes: nullable(Type.Integer()),
    madeBy: nullable(Type.String(), 'Recipe, or where it came from.'),
    trainedOn: nullable(Type.String()),
    classes: Type.Array(Type.String()),
    metadata: Type.Record(Type.String(), Type.Unknown(), { description: 'What else its file says.' }),
    curve: Type.Array(
      Type.Object({
        epoch: Type.Integer(),
        loss: Type.Number(),
        validation: nullable(Type.Number()),
      }),
      { description: 'Of its training; empty where the file does not say.' },
    ),
    validationMetric: nullable(Type.String()),
  }),
);
export type ModelDetails = Static<typeof ModelDetails>;
