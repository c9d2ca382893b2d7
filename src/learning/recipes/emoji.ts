import { softNearestNeighbour } from '../losses/soft-nearest-neighbour.js';
import { convNet } from '../models/conv-net.js';
import { adam } from '../optimizers/adam.js';
import { classBalanced } from '../samplers/class-balanced.js';
import { triangular } from '../schedules/triangular.js';
import type { Recipe } from './recipe.js';

/** For drawings with many classes and few images of each, such as emoji. */
export const emoji: Recipe = {
  name: 'emoji',
  summary: 'many classes with a few drawings each, found again among classes never seen',
  network: convNet({
    inputSize: { width: 32, height: 32 },
    dimension: 128,
    layers: [
      { width: 32, stride: 2 },
      { width: 64, stride: 1 },
      { width: 64, stride: 2 },
      { width: 128, stride: 1 },
      { width: 128, stride: 2 },
      { width: 256, stride: 1 },
    ],
  }),
  sampler: classBalanced({ classesPerBatch: 64, imagesPerClass: 4 }),
  augmentation: {
    affine: { rotationDegrees: 5, scale: [0.82, 1.22], aspect: 0.05, shearDegrees: 3, translate: 0.04 },
    grey: 0.1,
    colour: { contrast: 0.15, tint: 0.05, saturation: 0.3, hueDegrees: 10, centre: 255 },
  },
  classAugmentation: { mirror: 0.5, recolour: 0.3 },
  loss: softNearestNeighbour({ temperature: 0.07 }),
  optimizer: adam({ beta2: 0.99, epsilon: 1e-8 }),
  schedule: triangular({ peak: 2e-3, warmUp: 0.15 }),
  epochs: 38,
  batchesPerEpoch: 20,
};
