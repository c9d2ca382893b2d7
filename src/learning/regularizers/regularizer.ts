import type { Tensor } from '../../engine/index.js';
import type { Described } from '../network.js';

/** A penalty on where embeddings lie, whatever their classes. */
export interface Regularizer extends Described {
  /** What the penalty is multiplied by before it is added to a loss. */
  readonly weight: number;
  /** @param embeddings float32 [B, D] */
  penalty(embeddings: Tensor): Tensor;
}
