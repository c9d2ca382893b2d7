import { scatterElements, step, stopGradient, type Tensor } from '../../engine/index.js';
import type { Comparison } from '../losses/comparison.js';
import type { MinedPairs } from './miner.js';

/**
 * The pairs that occur in triplets of one negative for each positive pair.
 *
 * @param negatives int64 [B, C], column of the negative of each positive pair
 * @param weight float32 [B, C], 1 for positive pairs that have one
 */
export function pairsOfChoices({ nearness }: Comparison, negatives: Tensor, weight: Tensor): MinedPairs {
  const times = scatterElements(negatives, stopGradient(weight), nearness.shape as number[], 1);
  return { positives: weight, negatives: step(times) };
}
