import { constant, l2Normalize, matmul, subtract, type Tensor } from '../engine/index.js';
import { discriminant, type LabelledVectors } from './discriminant.js';

export interface ProjectionOptions {
  /** By how much directions that tell classes apart count more than the others. */
  readonly gain: number;
}

/** What is done to the embeddings of a trained network: x ↦ (x − mean)·map, made a unit vector again. */
export interface Projection {
  /** float32 [dimension] */
  readonly mean: Float32Array;
  /** float32 [dimension, dimension] */
  readonly map: Float32Array;
}

/**
 * The discriminant of a network's embeddings of some of the images it was trained on; see
 * docs/adr/0011-a-trained-network-may-end-in-a-discriminant.md.
 *
 * The covariance within classes is shrunk by d / (d + n), for n vectors of d numbers: the fewer there are, the less is known.
 */
export function fitProjection(
  { vectors, labels, width }: LabelledVectors,
  { gain }: ProjectionOptions,
): Projection {
  const mean = new Float64Array(width);
  for (let i = 0; i < vectors.length; i++) mean[i % width]! += vectors[i]! / labels.length;
  const centred = vectors.map((value, i) => value - mean[i % width]!);
  const shrinkage = width / (width + labels.length);
  return {
    mean: Float32Array.from(mean),
    map: discriminant({ vectors: centred, labels, width }, { shrinkage, gain }),
  };
}

/** @param embeddings float32 [N, dimension] */
export function projected(embeddings: Tensor, { mean, map }: Projection): Tensor {
  const dimension = mean.length;
  const centred = subtract(embeddings, constant(mean, [dimension]));
  return l2Normalize(matmul(centred, constant(map, [dimension, dimension])));
}
