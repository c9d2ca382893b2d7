import type { Initializer } from '../engine/index.js';

/** Sizes of the two sides of a weight tensor, whose last two axes are [in, out] (dense, NHWC, HWNC) or [out, in, h, w] (NCHW, CHWN). */
export interface Fans {
  readonly fanIn: number;
  readonly fanOut: number;
}

/** Uniform in ±√(6 / (fanIn + fanOut)) (Glorot and Bengio 2010), Keras's default. */
export function glorotUniform({ fanIn, fanOut }: Fans): Initializer {
  const limit = Math.sqrt(6 / (fanIn + fanOut));
  return (shape, random) => filled(shape, () => random.between(-limit, limit));
}

/** Normal with deviation √(2 / fanIn) (He et al. 2015), for layers followed by a ReLU. */
export function heNormal({ fanIn }: Fans): Initializer {
  const deviation = Math.sqrt(2 / fanIn);
  return (shape, random) => filled(shape, () => deviation * random.normal());
}

/** Uniform in ±1/√fanIn, PyTorch's default. */
export function fanInUniform({ fanIn }: Fans): Initializer {
  const limit = 1 / Math.sqrt(fanIn);
  return (shape, random) => filled(shape, () => random.between(-limit, limit));
}

export const zeros: Initializer = (shape) => filled(shape, () => 0);
export const ones: Initializer = (shape) => filled(shape, () => 1);

function filled(shape: readonly number[], value: () => number): Float32Array {
  const values = new Float32Array(shape.reduce((count, dimension) => count * dimension, 1));
  for (let i = 0; i < values.length; i++) values[i] = value();
  return values;
}
