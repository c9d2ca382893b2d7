import { matmul, type Tensor } from '../../engine/index.js';
import { glorotUniform, zeros } from '../initializers.js';
import type { NetworkContext } from '../network.js';

/** A linear layer: x·W + b, float32 [N, in] → [N, width]. Glorot uniform weights, biases of zero. */
export function dense(
  context: NetworkContext,
  name: string,
  x: Tensor,
  { width, bias = true }: { readonly width: number; readonly bias?: boolean },
): Tensor {
  const fanIn = x.shape[1] as number;
  const weights = context.parameter(`${name}.weights`, [fanIn, width], glorotUniform({ fanIn, fanOut: width }));
  return matmul(x, weights, bias ? { bias: context.parameter(`${name}.bias`, [width], zeros) } : {});
}
