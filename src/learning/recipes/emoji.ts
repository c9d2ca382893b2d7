import { softNearestNeighbour } from '../losses/soft-nearest-neighbour.js';
import { convNet } from '../models/conv-net.js';
import { adamW } from '../optimizers/adam.js';
import { classBalanced } from '../samplers/class-balanced.js';
import { oneCycle } from '../schedules/one-cycle.js';
import type { Recipe } from './recipe.js';

/** For drawings with many classes and few images of each, such as emoji. */
export const emoji: Recipe = {
  name: 'emoji',
  summary: 'many classes with a few drawings each, found again among classes never seen',
  network: convNet({ inputSize: { width: 32, height: 32 }, dimension: 128, widths: [32, 64, 128] }),
  sampler: classBalanced({ classesPerBatch: 64, imagesPerClass: 4 }),
  augmentation: {
    affine: { rotationDegrees: 12, scale: [0.8, 1.2], translate: 0.08, shearDegrees: 8 },
    grey: 0.2,
    colour: { brightness: 0.1, contrast: 0.3, tint: 0.3 },
  },
  loss: softNearestNeighbour({ temperature: 0.07 }),
  optimizer: adamW({ weightDecay: 0.05, epsilon: 1e-8 }),
  schedule: oneCycle({ peak: 3e-3 }),
  epochs: 30,
  batchesPerEpoch: 20,
};
