import { type TSchema, Type } from '@sinclair/typebox';
import { recipes } from '../recipes/index.js';
import { augmentationSchema, classAugmentationSchema } from './augmentation-schema.js';
import { atLeastZero, count, decay, positive } from './numbers.js';
import { partSchema } from './part.js';
import type { Registry } from './registry.js';

const { Optional } = Type;
const orNull = (schema: TSchema, description: string) =>
  Optional(Type.Union([schema, Type.Null()], { description }));

/** All of a recipe that is no part with a name. */
const plain = {
  base: Optional(
    Type.Union(
      Object.keys(recipes).map((name) => Type.Literal(name)),
      { description: 'A recipe that ships: what is left out here is as it is there.' },
    ),
  ),
  name: Optional(Type.String({ minLength: 1 })),
  augmentation: orNull(augmentationSchema, 'Changes of each image apart; null for none.'),
  classAugmentation: orNull(
    classAugmentationSchema,
    'Changes of all images of a class alike; null for none.',
  ),
  parameterRates: orNull(
    Type.Record(Type.String(), atLeastZero()),
    'Multiples of the learning rate by name of a parameter, or how it ends.',
  ),
  averageWeights: orNull(
    Type.Object({ decay: decay(), everySteps: Optional(count()) }, { additionalProperties: false }),
    'End with the average of the weights over the last steps; null for none.',
  ),
  clipNorm: orNull(positive(), 'Longest that the gradient of a step may be; null for any length.'),
  projection: orNull(
    Type.Object({ gain: positive() }, { additionalProperties: false }),
    'End the trained network in a discriminant of its embeddings; null for none.',
  ),
  epochs: Optional(count()),
  batchesPerEpoch: Optional(count()),
};

/** A recipe with its parts unread: they are checked one by one, so that errors tell of the part that is meant. */
export const outerRecipeSchema = Type.Object(
  {
    ...plain,
    network: Optional(Type.Unknown()),
    sampler: Optional(Type.Unknown()),
    loss: Optional(Type.Unknown()),
    optimizer: Optional(Type.Unknown()),
    schedule: Optional(Type.Unknown()),
  },
  { additionalProperties: false },
);

/** A recipe with its parts: what is published. */
export function recipeSchema({ networks, samplers, losses, optimizers, schedules }: Registry) {
  return Type.Object(
    {
      ...plain,
      network: Optional(partSchema(networks)),
      sampler: Optional(partSchema(samplers)),
      loss: Optional(partSchema(losses)),
      optimizer: Optional(partSchema(optimizers)),
      schedule: Optional(partSchema(schedules)),
    },
    { additionalProperties: false, description: 'A recipe, whole or as changes to one that ships.' },
  );
}
