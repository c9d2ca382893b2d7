import { embeddingNorm } from '../regularizers/embedding-norm.js';
import { koLeo } from '../regularizers/ko-leo.js';
import type { Regularizer } from '../regularizers/regularizer.js';
import { atLeastZero } from './numbers.js';
import { type PartMakers, part } from './part.js';

const weight = atLeastZero();

/** Regularizers by name: a loss may have some. */
export const regularizers: PartMakers<Regularizer> = {
  'embedding-norm': part({ weight }, embeddingNorm),
  'ko-leo': part({ weight }, koLeo),
};
