import { normalizedSoftmax } from '../losses/normalized-softmax.js';
import { pooledBlocks } from '../models/pooled-blocks.js';
import { testTimeFlip } from '../models/test-time-flip.js';
import { testTimeShift } from '../models/test-time-shift.js';
import { muon } from '../optimizers/muon.js';
import { shuffled } from '../samplers/shuffled.js';
import { triangular } from '../schedules/triangular.js';
import type { Recipe } from './recipe.js';

/** The best embedding of photographs that an hour on two cores gives. */
export const accurate: Recipe = {
  name: 'accurate',
  summary: 'photographs, the best that an hour of training on 2 cores gives',
  network: testTimeShift(
    testTimeFlip(
      pooledBlocks({
        inputSize: { width: 32, height: 32 },
        dimension: 128,
        widths: [64, 256, 256],
        depth: 2,
        pool: 'max',
        activation: 'gelu',
      }),
    ),
    { pixels: 1 },
  ),
  sampler: shuffled({ batchSize: 256 }),
  augmentation: { horizontalFlip: 'alternating', shiftPixels: 3, background: 'reflect' },
  loss: normalizedSoftmax({ temperature: 0.1, labelSmoothing: 0.1 }),
  optimizer: muon({ otherRate: 0.25 }),
  schedule: triangular({ peak: 0.08, warmUp: 0 }),
  projection: { gain: 2 },
  epochs: 25,
  batchesPerEpoch: 200,
};
