import {
  constant,
  divide,
  matmul,
  maximum,
  mean,
  multiply,
  sqrt,
  subtract,
  sum,
  type Tensor,
} from '../engine/index.js';

/** Keeps the participation ratio of embeddings without any spread finite: 0. */
const tiny = 1e-30;

/**
 * How the embeddings of a batch lie, float32 [] each, as part of the training step's graph. With C the covariance of the
 * embeddings e over the batch:
 *
 * - `meanCosine` = 1 − (mean of ‖e‖² − ‖mean of e‖²): for unit vectors the mean cosine over all pairs of images, each with
 *   itself included. 1 where all embeddings are alike, also where norms have overflowed and all are zero.
 * - `deviation` = mean over the dimensions of √C_jj. About 1/√D where embeddings are spread evenly over the sphere, 0 where
 *   they are alike (Chen and He 2021, "Exploring Simple Siamese Representation Learning", section 4.1).
 * - `participationRatio` = (tr C)² / tr(C²): along how many directions embeddings are spread. From 1, where they lie on a
 *   line, to min(D, B − 1), where all directions count alike; 0 where there is no spread. It is the effective rank that a
 *   graph can have for a matrix product; that of Roy and Vetterli 2007 takes eigenvalues (`effectiveRank`) and is never
 *   smaller.
 *
 * @param embeddings float32 [B, D]
 */
export function batchStatistics(embeddings: Tensor): Readonly<Record<string, Tensor>> {
  const [rows, dimension] = embeddings.shape as [number, number];
  const centred = subtract(embeddings, mean(embeddings, { axes: [0] }));
  const variances = mean(multiply(centred, centred), { axes: [0] });
  // tr C, which is also the mean of ‖e‖² − ‖mean of e‖².
  const trace = sum(variances);
  // The Gram matrices of rows and of columns have the same sum of squares; the smaller one is cheaper.
  const gram = matmul(centred, centred, rows < dimension ? { transposeB: true } : { transposeA: true });
  const traceOfSquare = multiply(sum(multiply(gram, gram)), constant(1 / rows ** 2));
  return {
    meanCosine: subtract(constant(1), trace),
    deviation: mean(sqrt(variances)),
    participationRatio: divide(multiply(trace, trace), maximum(traceOfSquare, constant(tiny))),
  };
}
