import type { Tensor } from '../../engine/index.js';
import type { Comparison } from '../losses/comparison.js';
import type { Described } from '../network.js';

/** Which pairs of a comparison a loss is to use. */
export interface MinedPairs {
  /** float32 [B, C]: 1 for positive pairs that count. */
  readonly positives: Tensor;
  /** float32 [B, C]: 1 for negative pairs that count. */
  readonly negatives: Tensor;
}

/**
 * Triplets of an anchor, a positive and a negative, as their nearness. The three tensors broadcast against each other; the
 * first axis is the anchor's.
 */
export interface MinedTriplets {
  /** Nearness of anchor and positive. */
  readonly positive: Tensor;
  /** Nearness of anchor and negative. */
  readonly negative: Tensor;
  /** 1 for triplets that count, else 0: of the shape that all three broadcast to. */
  readonly weight: Tensor;
}

/** Chooses what of a batch a loss learns from. The choice itself has no gradient; what is chosen has. */
export interface Miner extends Described {
  pairs(comparison: Comparison): MinedPairs;
  triplets(comparison: Comparison): MinedTriplets;
}
