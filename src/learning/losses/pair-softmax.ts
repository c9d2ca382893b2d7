import {
  add,
  constant,
  gatherElements,
  logSoftmax,
  matmul,
  mean,
  multiply,
  negate,
  split,
  type Tensor,
  transpose,
} from '../../engine/index.js';
import type { Loss } from './loss.js';

export interface PairSoftmaxOptions {
  /** Divides the cosines. Default 0.2, as in the Keras example. */
  readonly temperature?: number;
  /** Also let every positive find its anchor, and take the mean of both. Default false. */
  readonly symmetric?: boolean;
}

/**
 * Softmax cross-entropy over pairs: every anchor is to find its positive among all positives of the batch.
 *
 * L = −1/P Σᵢ log( exp(aᵢ·pᵢ/T) / Σⱼ exp(aᵢ·pⱼ/T) )
 *
 * It takes batches of pairs: the anchors first, then their positives in the same order. With one pair per class the other positives are negatives. This is the loss of the Keras example "Metric learning for
 * image similarity search" and, in its symmetric form, of CLIP (Radford et al. 2021); also known as multi-class N-pair
 * loss (Sohn 2016) and InfoNCE (van den Oord et al. 2018). With one pair it is 0, and so is its gradient.
 */
export function pairSoftmax({ temperature = 0.2, symmetric = false }: PairSoftmaxOptions = {}): Loss {
  return {
    name: 'pair-softmax',
    options: { temperature, symmetric },
    imagesPerClass: 2,
    build({ embeddings }) {
      const pairs = (embeddings.shape[0] as number) / 2;
      const [anchors, positives] = split(embeddings, [pairs, pairs]) as [Tensor, Tensor];
      const logits = multiply(matmul(anchors, positives, { transposeB: true }), constant(1 / temperature));
      if (!symmetric) return againstDiagonal(logits);
      return multiply(
        add(againstDiagonal(logits), againstDiagonal(transpose(logits, [1, 0]))),
        constant(0.5),
      );
    },
  };
}

/** Mean cross-entropy of rows whose right answer is on the diagonal. */
function againstDiagonal(logits: Tensor): Tensor {
  const rows = logits.shape[0] as number;
  const diagonal = constant([...Array(rows).keys()], [rows, 1], 'int64');
  return negate(mean(gatherElements(logSoftmax(logits), diagonal)));
}
