import { mean, square, sum } from '../../engine/index.js';
import type { Regularizer } from './regularizer.js';

/**
 * Mean squared length of embeddings, 1/B Σᵢ ‖xᵢ‖². It keeps those of a network that does not end in unit vectors from
 * growing; for unit vectors it is 1, without a gradient.
 */
export function embeddingNorm({ weight }: { readonly weight: number }): Regularizer {
  return {
    name: 'embedding-norm',
    options: { weight },
    weight,
    penalty: (embeddings) => mean(sum(square(embeddings), { axes: [1] })),
  };
}
