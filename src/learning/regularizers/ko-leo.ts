import {
  add,
  constant,
  gather,
  l2Normalize,
  log,
  mean,
  multiply,
  reshape,
  square,
  stopGradient,
  subtract,
  sum,
  topK,
} from '../../engine/index.js';
import { distances } from '../distances/index.js';
import { only, othersOnly } from '../losses/masked.js';
import type { Regularizer } from './regularizer.js';

/** Added to a squared distance, so that copies of an image have a logarithm. */
const epsilon = 1e-6;

/**
 * KoLeo, the Kozachenko–Leonenko estimate of entropy (Sablayrolles et al. 2019): spreads embeddings over the sphere by
 * pushing each from its nearest neighbour in the batch.
 *
 * −1/B Σᵢ log √(min_{j≠i} ‖xᵢ − xⱼ‖² + 1e-6), of unit vectors. A batch of one image has a penalty of 0.
 */
export function koLeo({ weight }: { readonly weight: number }): Regularizer {
  return {
    name: 'ko-leo',
    options: { weight },
    weight,
    penalty(embeddings) {
      const [rows] = embeddings.shape as [number, number];
      if (rows === 1) return constant(0);
      const unit = l2Normalize(embeddings);
      const nearness = distances['squared-euclidean'].nearness(unit, unit);
      const others = only(stopGradient(nearness), othersOnly(rows, rows));
      const nearest = reshape(topK(others, 1).indices, [rows]);
      const apart = sum(square(subtract(unit, gather(unit, nearest))), { axes: [1] });
      return multiply(mean(log(add(apart, constant(epsilon)))), constant(-0.5));
    },
  };
}
