import {
  add,
  cast,
  constant,
  gatherElements,
  greater,
  max,
  multiply,
  negate,
  reshape,
  step,
  stopGradient,
  subtract,
  type Tensor,
  topK,
} from '../../engine/index.js';
import type { Comparison } from '../losses/comparison.js';
import { anyOf, asColumn, only } from '../losses/masked.js';
import { requireRoomForTriples } from '../losses/require-room.js';
import type { Miner } from './miner.js';
import { pairsOfChoices } from './pairs-of-choices.js';

/**
 * For each positive pair the nearest of the negatives that are further than the positive (Schroff et al. 2015); where none
 * is, the furthest negative there is, as in TensorFlow Addons. Of equally near ones the first counts.
 */
export function batchSemiHard(): Miner {
  return {
    name: 'batch-semi-hard',
    options: {},
    pairs: (comparison) => pairsOfChoices(comparison, chosen(comparison), hasTriplets(comparison)),
    triplets: (comparison) => ({
      positive: comparison.nearness,
      negative: gatherElements(comparison.nearness, chosen(comparison)),
      weight: hasTriplets(comparison),
    }),
  };
}

/** Column of the negative of each positive pair, int64 [B, C]. */
function chosen({ nearness, negatives }: Comparison): Tensor {
  const [rows, columns] = nearness.shape as [number, number];
  requireRoomForTriples('miner batch-semi-hard', rows, columns);
  const fixed = stopGradient(nearness);
  const ofPositive = reshape(fixed, [rows, columns, 1]);
  const ofNegative = reshape(fixed, [rows, 1, columns]);
  const isNegative = reshape(negatives, [rows, 1, columns]);
  const further = multiply(cast(greater(ofPositive, ofNegative), 'float32'), isNegative);
  const nearestFurther = only(ofNegative, further);
  // Where none is further, the furthest of all: that of the largest −nearness.
  const furthest = only(negate(ofNegative), isNegative);
  const any = step(max(further, { axes: [2], keepAxes: true }));
  const score = add(multiply(nearestFurther, any), multiply(furthest, subtract(constant(1), any)));
  return reshape(topK(score, 1).indices, [rows, columns]);
}

/** Positive pairs of anchors that have a negative, float32 [B, C]. */
function hasTriplets({ positives, negatives }: Comparison): Tensor {
  return multiply(positives, asColumn(anyOf(negatives)));
}
