import { pairSoftmax } from '../losses/pair-softmax.js';
import { seed } from '../models/seed.js';
import { adam } from '../optimizers/adam.js';
import { anchorPositivePairs } from '../samplers/anchor-positive-pairs.js';
import { constantRate } from '../schedules/constant-rate.js';
import type { Recipe } from './recipe.js';

/** The Keras example "Metric learning for image similarity search" (M. Kelcey 2020), to the letter. */
export const kerasExample: Recipe = {
  name: 'keras-example',
  summary: 'the Keras metric-learning example on 32×32 images: small, fast, the reference',
  network: seed(),
  sampler: anchorPositivePairs(),
  loss: pairSoftmax({ temperature: 0.2 }),
  optimizer: adam({ epsilon: 1e-7 }),
  schedule: constantRate(1e-3),
  epochs: 20,
  batchesPerEpoch: 1000,
};
