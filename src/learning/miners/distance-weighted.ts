import {
  cast,
  constant,
  exp,
  gatherElements,
  greater,
  log,
  matmul,
  max,
  maximum,
  multiply,
  noise,
  reshape,
  sqrt,
  stopGradient,
  subtract,
  sum,
  type Tensor,
} from '../../engine/index.js';
import { distances } from '../distances/index.js';
import type { Comparison } from '../losses/comparison.js';
import { only } from '../losses/masked.js';
import { requireRoomForTriples } from '../losses/require-room.js';
import type { Miner } from './miner.js';
import { pairsOfChoices } from './pairs-of-choices.js';

export interface DistanceWeightedOptions {
  /** Negatives nearer than this count as if they were so far, or a few of them would always be drawn. Default 0.5. */
  readonly cutOff?: number;
  /** Negatives further than this are not drawn: their loss is 0 anyway. Default 1.4. */
  readonly furthest?: number;
}

/**
 * For each positive pair one negative, drawn with a probability inverse to how common its distance is among random points
 * of the sphere (Wu et al. 2017, "Sampling matters in deep embedding learning"):
 *
 * P(n) ∝ 1/q(d_an), q(d) ∝ d^(D−2) (1 − d²/4)^((D−3)/2)
 *
 * For unit vectors. Anchors without a negative within reach have no triplet. The draws are part of the run's random numbers:
 * a resumed run makes the same ones.
 */
export function distanceWeighted({ cutOff = 0.5, furthest = 1.4 }: DistanceWeightedOptions = {}): Miner {
  const draw = (comparison: Comparison) => drawNegatives(comparison, cutOff, furthest);
  return {
    name: 'distance-weighted',
    options: { cutOff, furthest },
    pairs(comparison) {
      const { indices, weight } = draw(comparison);
      return pairsOfChoices(comparison, indices, weight);
    },
    triplets(comparison) {
      const { indices, weight } = draw(comparison);
      return {
        positive: comparison.nearness,
        negative: gatherElements(comparison.nearness, indices),
        weight,
      };
    },
  };
}

/** Column of the negative of each positive pair, and 1 for pairs that have one; both [B, C]. */
function drawNegatives(comparison: Comparison, cutOff: number, furthest: number) {
  const { nearness, positives, negatives, distance, dimension } = comparison;
  const [rows, columns] = nearness.shape as [number, number];
  requireRoomForTriples('miner distance-weighted', rows, columns);
  const squared = distances[distance].squared(stopGradient(nearness));
  const reachable = multiply(negatives, cast(greater(constant(furthest ** 2), squared), 'float32'));
  const clipped = sqrt(maximum(squared, constant(cutOff ** 2)));
  const chord = maximum(
    subtract(constant(1), multiply(multiply(clipped, clipped), constant(0.25))),
    constant(1e-6),
  );
  const logWeight = subtract(
    multiply(log(clipped), constant(2 - dimension)),
    multiply(log(chord), constant((dimension - 3) / 2)),
  );
  const kept = only(logWeight, reachable);
  const relative = multiply(exp(subtract(kept, max(kept, { axes: [1], keepAxes: true }))), reachable);

  // The first column at which the running total exceeds a random share of the total.
  const running = matmul(relative, constant(triangle(columns), [columns, columns]));
  const total = sum(relative, { axes: [1], keepAxes: true });
  const aim = multiply(noise('distance-weighted', [rows, columns]), total);
  const passed = greater(reshape(running, [rows, 1, columns]), reshape(aim, [rows, columns, 1]));
  const index = subtract(constant(columns), sum(cast(passed, 'float32'), { axes: [2] }));
  const indices = cast(clampToLast(index, columns), 'int64');
  return { indices, weight: multiply(positives, gatherElements(reachable, indices)) };
}

/** Rounding may leave a random share just above the running total of all. */
function clampToLast(index: Tensor, columns: number): Tensor {
  const last = columns - 1;
  return subtract(constant(last), maximum(subtract(constant(last), index), constant(0)));
}

/** Ones on and above the diagonal: a row times it is its running total. */
function triangle(n: number): Float32Array {
  return Float32Array.from({ length: n * n }, (_, i) => (Math.floor(i / n) <= i % n ? 1 : 0));
}
