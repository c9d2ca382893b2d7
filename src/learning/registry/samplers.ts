import { Type } from '@sinclair/typebox';
import { anchorPositivePairs } from '../samplers/anchor-positive-pairs.js';
import { classBalanced } from '../samplers/class-balanced.js';
import { hardClasses } from '../samplers/hard-classes.js';
import type { SamplerPlan } from '../samplers/sampler.js';
import { shuffled } from '../samplers/shuffled.js';
import { count } from './numbers.js';
import { type PartMakers, part } from './part.js';

const classesPerBatch = Type.Optional(
  Type.Union([count(), Type.Literal('all')], { description: 'Classes in a batch.' }),
);

const draws = Type.Optional(Type.Union([Type.Literal('in-turn'), Type.Literal('independent')]));

/** The written form says `all` where the options of a sampler leave it out. */
function limit<Options extends { readonly classesPerBatch?: number | 'all' }>({
  classesPerBatch,
  ...rest
}: Options) {
  return { ...rest, ...(typeof classesPerBatch === 'number' && { classesPerBatch }) };
}

/** Samplers by name. */
export const samplers: PartMakers<SamplerPlan> = {
  'anchor-positive-pairs': part({ classesPerBatch, draws }, (options) => anchorPositivePairs(limit(options))),
  'class-balanced': part({ classesPerBatch, imagesPerClass: count(), draws }, (options) =>
    classBalanced(limit(options)),
  ),
  'hard-classes': part(
    {
      classesPerBatch: count(),
      imagesPerClass: count(),
      confusions: Type.Array(Type.Tuple([Type.String(), Type.String(), Type.Number()]), {
        description: 'Pairs of classes and how often they were confused.',
      }),
      groupSize: Type.Optional(count()),
    },
    hardClasses,
  ),
  shuffled: part({ batchSize: count() }, shuffled),
};
