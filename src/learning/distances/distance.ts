import type { Tensor } from '../../engine/index.js';

/** How alike two embeddings are. Losses and miners see it as nearness: larger is nearer, whatever the measure. */
export interface Distance {
  /**
   * @param a float32 [n, D]
   * @param b float32 [m, D]
   * @returns float32 [n, m], nearness of each row of a to each row of b
   */
  nearness(a: Tensor, b: Tensor): Tensor;
  /** A nearness as squared Euclidean distance between unit vectors. */
  squared(nearness: Tensor): Tensor;
  /** 1 where the measure itself grows with nearness (a similarity), −1 where it falls (a distance). */
  readonly sign: 1 | -1;
}
