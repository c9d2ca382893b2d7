import { add, constant, divide, multiply, sqrt, subtract, type Tensor } from '../../engine/index.js';
import { eachBy, type Optimizer } from './optimizer.js';

export interface AdamOptions {
  /** Decay of the mean of gradients. Default 0.9. */
  readonly beta1?: number;
  /** Decay of the mean of squared gradients. Default 0.999. */
  readonly beta2?: number;
  /** Added to the root of the mean square. Default 1e-7, as Keras has it. */
  readonly epsilon?: number;
  /** Decoupled weight decay (AdamW), times the learning rate. Default 0. */
  readonly weightDecay?: number;
}

/**
 * Adam (Kingma and Ba 2015) in the form of its section 2, as Keras and TensorFlow have it:
 * m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g², θ ← θ − α√(1−β₂ᵗ)/(1−β₁ᵗ) · m/(√v + ε).
 * (PyTorch adds ε to the bias-corrected root instead.) What is kept are the sums m/(1−β₁) and v/(1−β₂), which take two passes
 * over the parameters less than the means.
 */
export function adam(options: Omit<AdamOptions, 'weightDecay'> = {}): Optimizer {
  return { ...adamW({ ...options, weightDecay: 0 }), name: 'adam' };
}

/** Adam with decoupled weight decay (Loshchilov and Hutter 2019): θ also shrinks by learning rate · weight decay. */
export function adamW({
  beta1 = 0.9,
  beta2 = 0.999,
  epsilon = 1e-7,
  weightDecay = 0.01,
}: AdamOptions = {}): Optimizer {
  /** What the root of the mean of squares is of the root of their sum. */
  const root = Math.sqrt(1 - beta2);
  return {
    name: 'adamw',
    options: { beta1, beta2, epsilon, weightDecay },
    slots: ['decayedSum', 'decayedSumOfSquares'],
    scalars: (step, learningRate) => [
      ((learningRate * Math.sqrt(1 - beta2 ** step)) / (1 - beta1 ** step)) * ((1 - beta1) / root),
      learningRate * weightDecay,
    ],
    build({ parameters, gradient, slots, scalars, decayed, rates }) {
      const [sum, sumOfSquares] = slots as [Tensor, Tensor];
      const [stepSize, decay] = scalars as [Tensor, Tensor];
      const nextSum = add(multiply(sum, constant(beta1)), gradient);
      const nextSumOfSquares = add(multiply(sumOfSquares, constant(beta2)), multiply(gradient, gradient));
      const direction = divide(nextSum, add(sqrt(nextSumOfSquares), constant(epsilon / root)));
      const change = multiply(direction, eachBy(rates, stepSize));
      const shrinking = multiply(parameters, multiply(decayed, eachBy(rates, decay)));
      const shrunk = weightDecay === 0 ? parameters : subtract(parameters, shrinking);
      return { parameters: subtract(shrunk, change), slots: [nextSum, nextSumOfSquares] };
    },
  };
}
