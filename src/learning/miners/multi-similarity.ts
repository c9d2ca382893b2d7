import { add, constant, multiply, step, stopGradient, subtract } from '../../engine/index.js';
import type { Comparison } from '../losses/comparison.js';
import { anyOf, asColumn, maskedMax, maskedMin } from '../losses/masked.js';
import type { MinedPairs, Miner } from './miner.js';
import { tripletsOfPairs } from './triplets-of-pairs.js';

export interface MultiSimilarityMinerOptions {
  /** ε, how far beyond the hardest of the other kind a pair still counts. Default 0.1. */
  readonly epsilon?: number;
}

/**
 * Negatives nearer than the furthest positive, and positives further than the nearest negative, each give or take ε
 * (Wang et al. 2019, section 4.1). Anchors without a positive or without a negative have no pair.
 */
export function multiSimilarityMiner({ epsilon = 0.1 }: MultiSimilarityMinerOptions = {}): Miner {
  const pairs = ({ nearness: s, positives, negatives }: Comparison): MinedPairs => {
    const nearness = stopGradient(s);
    const both = asColumn(multiply(anyOf(positives), anyOf(negatives)));
    const nearest = maskedMax(nearness, negatives);
    const furthest = maskedMin(nearness, positives);
    const kept = (over: typeof s, mask: typeof s) => multiply(multiply(step(over), mask), both);
    return {
      positives: kept(subtract(add(nearest, constant(epsilon)), nearness), positives),
      negatives: kept(subtract(add(nearness, constant(epsilon)), furthest), negatives),
    };
  };
  return {
    name: 'multi-similarity',
    options: { epsilon },
    pairs,
    triplets: (comparison) => tripletsOfPairs(comparison, pairs(comparison)),
  };
}
