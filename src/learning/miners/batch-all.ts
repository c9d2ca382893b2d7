import type { Miner } from './miner.js';
import { tripletsOfPairs } from './triplets-of-pairs.js';

/** All pairs, and all triplets, of a batch (Hermans et al. 2017). Triplets take memory with the third power of the batch. */
export function batchAll(): Miner {
  return {
    name: 'batch-all',
    options: {},
    pairs: ({ positives, negatives }) => ({ positives, negatives }),
    triplets: (comparison) => tripletsOfPairs(comparison, comparison),
  };
}
