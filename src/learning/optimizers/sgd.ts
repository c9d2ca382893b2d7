import { add, constant, multiply, subtract, type Tensor } from '../../engine/index.js';
import { eachBy, type Optimizer } from './optimizer.js';

export interface SgdOptions {
  /** Share of the last velocity that is kept. Default 0.9. */
  readonly momentum?: number;
  /** Look ahead along the velocity (Nesterov's accelerated gradient). Default true. */
  readonly nesterov?: boolean;
  /** L2 penalty: added to the gradient, times the parameter. Default 0. */
  readonly weightDecay?: number;
}

/**
 * Stochastic gradient descent with momentum, as PyTorch has it: g ← g + λθ, u ← μu + g,
 * θ ← θ − α(g + μu) with Nesterov's look-ahead (Sutskever et al. 2013), θ ← θ − αu without.
 */
export function sgd({ momentum = 0.9, nesterov = true, weightDecay = 0 }: SgdOptions = {}): Optimizer {
  return {
    name: 'sgd',
    options: { momentum, nesterov, weightDecay },
    slots: ['velocity'],
    scalars: (_, learningRate) => [learningRate],
    build({ parameters, gradient, slots, scalars, decayed, rates }) {
      const [velocity] = slots as [Tensor];
      const [learningRate] = scalars as [Tensor];
      const penalty = multiply(parameters, multiply(decayed, constant(weightDecay)));
      const full = weightDecay === 0 ? gradient : add(gradient, penalty);
      const next = add(multiply(velocity, constant(momentum)), full);
      const direction = nesterov ? add(full, multiply(next, constant(momentum))) : next;
      return {
        parameters: subtract(parameters, multiply(direction, eachBy(rates, learningRate))),
        slots: [next],
      };
    },
  };
}
