import {
  cast,
  concat,
  constant,
  equal,
  greater,
  multiply,
  reshape,
  subtract,
  type Tensor,
} from '../../engine/index.js';
import { type DistanceName, distances } from '../distances/index.js';
import type { EmbeddedBatch } from './loss.js';
import { othersOnly } from './masked.js';

/** Every image of a batch (anchor, row) beside every image that it may be compared with (reference, column). */
export interface Comparison {
  /** float32 [B, C], larger is nearer. C is B, and as many more as are remembered. */
  readonly nearness: Tensor;
  /** float32 [B, C]: 1 where the reference is another row, or a remembered one, of the anchor's class. */
  readonly positives: Tensor;
  /** float32 [B, C]: 1 where the reference is of another class. */
  readonly negatives: Tensor;
  readonly distance: DistanceName;
  /** Length of an embedding. */
  readonly dimension: number;
}

/** Compares a batch with itself and with what is remembered. */
export function compare(batch: EmbeddedBatch, distance: DistanceName): Comparison {
  const { embeddings, labels, memory } = batch;
  const [rows, dimension] = embeddings.shape as [number, number];
  const references = memory ? concat([embeddings, memory.embeddings]) : embeddings;
  const referenceLabels = memory ? concat([labels, memory.labels]) : labels;
  const columns = references.shape[0] as number;

  const same = cast(equal(reshape(labels, [rows, 1]), reshape(referenceLabels, [1, columns])), 'float32');
  const otherClass = subtract(constant(1), same);
  const present =
    memory && reshape(cast(greater(referenceLabels, constant(-1, [], 'int64')), 'float32'), [1, columns]);
  return {
    nearness: distances[distance].nearness(embeddings, references),
    positives: multiply(same, othersOnly(rows, columns)),
    negatives: present ? multiply(otherClass, present) : otherClass,
    distance,
    dimension,
  };
}
