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
  /** Embeddings of earlier batches to compare with as well, where there is a memory of them. */
  readonly memory?: RememberedEmbeddings;
  /** A tensor that the loss learns along with the network, such as proxies of the classes. */
  readonly parameter: LossParameter;
  /**
   * Puts out a figure of the batch, such as the share of its pairs that are active, with the step's statistics.
   * @param scalar float32 []; no gradient flows through it
   */
  readonly report: (name: string, scalar: Tensor) => void;
  /** A tensor that the loss carries from step to step by a rule of its own, such as embeddings of earlier batches. */
  readonly state: LossParameter;
  /** Gives a state its value after this step. */
  update(state: Tensor, next: Tensor): void;
}

export interface RememberedEmbeddings {
  /** float32 [M, D], without gradient */
  readonly embeddings: Tensor;
  /** int64 [M]; −1 where nothing is remembered yet */
  readonly labels: Tensor;
}

export type LossParameter = (name: string, shape: readonly number[], initializer: Initializer) => Tensor;

/** What training makes small: a scalar tensor made of a batch's embeddings. Its gradient comes from the engine. */
export interface Loss extends Described {
  /** Images of each class that it wants in a batch, where it cannot do with another number. */
  readonly imagesPerClass?: number;
  /** Whether it compares images with each other, and so can compare them with remembered ones as well. */
  readonly comparesImages?: boolean;
  build(batch: EmbeddedBatch): Tensor;
}
