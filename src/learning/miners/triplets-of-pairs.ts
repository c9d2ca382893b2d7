import { multiply, reshape } from '../../engine/index.js';
import type { Comparison } from '../losses/comparison.js';
import { requireRoomForTriples } from '../losses/require-room.js';
import type { MinedPairs, MinedTriplets } from './miner.js';

/** Every positive pair of an anchor with every negative pair of it: tensors of [B, C, C]. */
export function tripletsOfPairs({ nearness }: Comparison, pairs: MinedPairs): MinedTriplets {
  const [rows, columns] = nearness.shape as [number, number];
  requireRoomForTriples('triplets of all pairs', rows, columns);
  const first = [rows, columns, 1];
  const second = [rows, 1, columns];
  return {
    positive: reshape(nearness, first),
    negative: reshape(nearness, second),
    weight: multiply(reshape(pairs.positives, first), reshape(pairs.negatives, second)),
  };
}
