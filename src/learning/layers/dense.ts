import { type Initializer, matmul, type Tensor } from '../../engine/index.js';
import { type Fans, glorotUniform, zeros } from '../initializers.js';
import type { NetworkContext } from '../network.js';

export interface DenseOptions {
  readonly width: number;
  /** Default true. */
  readonly bias?: boolean;
  /** Default Glorot uniform. */
  readonly initializer?: (fans: Fans) => Initializer;
}

/** A linear layer: x·W + b, float32 [N, in] → [N, width]. Biases start as zeros. */
export function dense(
  context: NetworkContext,
  name: string,
  x: Tensor,
  { width, bias = true, initializer = glorotUniform }: DenseOptions,
): Tensor {
  const fanIn = x.shape[1] as number;
  const weights = context.parameter(`${name}.weights`, [fanIn, width], initializer({ fanIn, fanOut: width }));
  return matmul(x, weights, bias ? { bias: context.parameter(`${name}.bias`, [width], zeros) } : {});
}
