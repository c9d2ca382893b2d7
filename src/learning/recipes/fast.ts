import { normalizedSoftmax } from '../losses/normalized-softmax.js';
import { pooledBlocks } from '../models/pooled-blocks.js';
import { testTimeFlip } from '../models/test-time-flip.js';
import { muon } from '../optimizers/muon.js';
import { shuffled } from '../samplers/shuffled.js';
import { triangular } from '../schedules/triangular.js';
import type { Recipe } from './recipe.js';

/** The best embedding of photographs that three minutes on two cores give. */
export const fast: Recipe = {
  name: 'fast',
  summary: 'photographs, the best that 3 minutes of training on 2 cores give',
  network: testTimeFlip(
    pooledBlocks({
      inputSize: { width: 32, height: 32 },
      dimension: 64,
      widths: [48, 96, 192],
      depth: 2,
      pool: 'max',
      activation: 'gelu',
    }),
  ),
  sampler: shuffled({ batchSize: 256 }),
  augmentation: { horizontalFlip: 'alternating', shiftPixels: 2, background: 'reflect' },
  loss: normalizedSoftmax({ temperature: 0.1, labelSmoothing: 0.1 }),
  optimizer: muon({ otherRate: 0.13 }),
  schedule: triangular({ peak: 0.15, warmUp: 0 }),
  projection: { gain: 2.5 },
  epochs: 9,
  batchesPerEpoch: 46,
};
