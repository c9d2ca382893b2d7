import { gelu, relu, silu, type Tensor } from '../../engine/index.js';

const activations = { relu, gelu, silu };

/** Name of a function applied to each element of a map. */
export type Activation = keyof typeof activations;

export function activation(name: Activation, x: Tensor): Tensor {
  return activations[name](x);
}
