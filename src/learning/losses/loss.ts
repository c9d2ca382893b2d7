import type { Initializer, Tensor } from '../../engine/index.js';
import type { Described } from '../network.js';

/** The embeddings of one batch, as losses see them. */
export interface EmbeddedBatch {
  /** float32 [B, D], unit length. Rows stand in the order that the sampler states. */
  readonly embeddings: Tensor;
  /** int64 [B], class index of each row. */
  readonly labels: Tensor;
  /** Classes that labels may name. */
  readonly classCount: number;
  /** A tensor that the loss learns along with the network, such as proxies of the classes. */
  readonly parameter: LossParameter;
}

export type LossParameter = (name: string, shape: readonly number[], initializer: Initializer) => Tensor;

/** What training makes small: a scalar tensor made of a batch's embeddings. Its gradient comes from the engine. */
export interface Loss extends Described {
  /** Images of each class that it wants in a batch, where it cannot do with another number. */
  readonly imagesPerClass?: number;
  build(batch: EmbeddedBatch): Tensor;
}
