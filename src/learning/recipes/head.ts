import { normalizedSoftmax } from '../losses/normalized-softmax.js';
import { head as headNetwork } from '../models/head.js';
import { adamW } from '../optimizers/adam.js';
import { shuffled } from '../samplers/shuffled.js';
import { cosine } from '../schedules/cosine.js';
import type { Recipe } from './recipe.js';

/** A projection of the embeddings of a frozen backbone: seconds of training, from a few hundred images on. */
export const head: Recipe = {
  name: 'head',
  summary: 'a projection of the embeddings of another model (--backbone), trained in seconds',
  network: headNetwork({ dropout: 0.5 }),
  sampler: shuffled({ batchSize: 128 }),
  loss: normalizedSoftmax({ temperature: 0.1, labelSmoothing: 0.1 }),
  optimizer: adamW({ weightDecay: 0.01 }),
  // The projection starts where it is to be but for a little; proxies start anywhere.
  parameterRates: { proxies: 50 },
  schedule: cosine({ peak: 1e-4, warmUp: 0.05 }),
  epochs: 5,
  batchesPerEpoch: 20,
};
