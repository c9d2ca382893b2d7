import {
  add,
  constant,
  divide,
  multiply,
  reshape,
  sigmoid,
  subtract,
  sum,
  type Tensor,
} from '../../engine/index.js';
import type { DistanceName } from '../distances/index.js';
import { compare } from './comparison.js';
import type { Loss } from './loss.js';
import { othersOnly } from './masked.js';
import { reduce } from './reducer.js';
import { requireRoomForTriples } from './require-room.js';

export interface SmoothApOptions {
  /** τ, width of the step by which ranks are counted. Default 0.01. */
  readonly temperature?: number;
  readonly distance?: DistanceName;
}

/**
 * Smooth-AP (Brown et al. 2020): one minus average precision, with ranks counted by a sigmoid instead of a step.
 *
 * L = mean over anchors i of 1 − 1/|P(i)| Σ_{j∈P(i)} (1 + Σ_{k∈P(i), k≠j} σ_ijk) / (1 + Σ_{k≠i,j} σ_ijk),
 * σ_ijk = sigmoid((s_ik − s_ij)/τ)
 *
 * It compares all triples of a batch: memory and time grow with B³ (17 million numbers a tensor for a batch of 256).
 * Anchors alone in their class have no term; a batch of such has a loss of 0.
 */
export function smoothAp({ temperature = 0.01, distance = 'cosine' }: SmoothApOptions = {}): Loss {
  return {
    name: 'smooth-ap',
    options: { temperature, distance },
    comparesImages: true,
    build(batch) {
      const { nearness, positives, negatives } = compare(batch, distance);
      const [rows, columns] = nearness.shape as [number, number];
      requireRoomForTriples('loss smooth-ap', rows, columns);
      const along = (x: Tensor, axis: 1 | 2) =>
        reshape(x, axis === 1 ? [rows, columns, 1] : [rows, 1, columns]);
      const ahead = subtract(along(nearness, 2), along(nearness, 1));
      const counted = sigmoid(multiply(ahead, constant(1 / temperature)));
      const ranked = multiply(counted, othersOnly(columns, columns));
      const among = (mask: Tensor) => sum(multiply(ranked, along(mask, 2)), { axes: [2] });
      const ofPositives = add(constant(1), among(positives));
      const precision = divide(ofPositives, add(ofPositives, among(negatives)));
      return reduce('per-anchor', subtract(constant(1), precision), positives);
    },
  };
}
