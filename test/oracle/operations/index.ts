import { naiveArray, sizeOf } from '../naive-array.js';
import type { NaiveRule } from '../naive-rule.js';
import { bytes } from './bytes.js';
import { convolution } from './convolution.js';
import { elementwise } from './elementwise.js';
import { images } from './images.js';
import { indexing } from './indexing.js';
import { linear } from './linear.js';
import { rearrangements } from './rearrangements.js';
import { reductions } from './reductions.js';
import { rows } from './rows.js';

type Shape = readonly number[];

const constants = {
  constant: ((_, { shape, values }) => [naiveArray(shape, values)]) as NaiveRule<{
    shape: Shape;
    values: ArrayLike<number>;
  }>,
  zeros: ((_, { shape }) => [naiveArray(shape, new Float64Array(sizeOf(shape)))]) as NaiveRule<{
    shape: Shape;
  }>,
};

/** The rule of every operation of the engine, by its name. */
export const naiveRules = {
  ...constants,
  ...elementwise,
  ...reductions,
  ...rearrangements,
  ...indexing,
  ...linear,
  ...rows,
  ...convolution,
  ...images,
  ...bytes,
} satisfies Record<string, NaiveRule<never>>;
