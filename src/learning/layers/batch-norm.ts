import {
  add,
  batchNormalization,
  channelAxis,
  constant,
  divide,
  multiply,
  perChannelShape,
  reshape,
  sqrt,
  subtract,
  type Tensor,
} from '../../engine/index.js';
import { ones, zeros } from '../initializers.js';
import type { NetworkContext } from '../network.js';

export interface BatchNormOptions {
  /** Weight of a new batch in the running statistics. Default 0.1. */
  readonly momentum?: number;
  /** Added to the variance. Default 1e-5. */
  readonly epsilon?: number;
}

/**
 * Batch normalisation: the batch's statistics while training, running averages of them when embedding. The running
 * variance is the unbiased one, as in PyTorch.
 */
export function batchNorm(
  context: NetworkContext,
  name: string,
  x: Tensor,
  options: BatchNormOptions = {},
): Tensor {
  const { momentum = 0.1, epsilon = 1e-5 } = options;
  const { layout } = context;
  const channels = x.shape[channelAxis(layout)] as number;
  const scale = context.parameter(`${name}.scale`, [channels], ones);
  const offset = context.parameter(`${name}.offset`, [channels], zeros);
  const runningMean = context.state(`${name}.mean`, [channels], zeros);
  const runningVariance = context.state(`${name}.variance`, [channels], ones);

  if (context.training) {
    const { y, mean, variance } = batchNormalization(x, scale, offset, { layout, epsilon });
    const count = (x.shape as number[]).reduce((product, d) => product * d, 1) / channels;
    const unbiased = multiply(variance, constant(count / Math.max(1, count - 1)));
    const blend = (running: Tensor, fresh: Tensor) =>
      add(multiply(running, constant(1 - momentum)), multiply(fresh, constant(momentum)));
    context.update(runningMean, blend(runningMean, mean));
    context.update(runningVariance, blend(runningVariance, unbiased));
    return y;
  }
  const factor = divide(scale, sqrt(add(runningVariance, constant(epsilon))));
  const shift = subtract(offset, multiply(runningMean, factor));
  const perChannel = (t: Tensor) => reshape(t, perChannelShape(layout, channels));
  return add(multiply(x, perChannel(factor)), perChannel(shift));
}
