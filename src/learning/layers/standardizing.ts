import { multiply, subtract, type Tensor } from '../../engine/index.js';
import { zeros } from '../initializers.js';
import type { NetworkContext } from '../network.js';

export interface Standardizing {
  /** First values of the layer's states. */
  readonly states: ReadonlyMap<string, Float32Array>;
  /** What the layer makes of the vectors that it was fitted to. */
  readonly standardized: Float32Array;
}

/** Below this, all vectors are alike, and what tells them apart is rounding. */
const leastDeviation = 1e-6;

/**
 * A first layer that is fitted to vectors instead of learned: each element minus its mean, then all of them by one factor, so
 * that their mean square is 1. One factor rather than one each: elements that hardly vary would be blown up to noise.
 */
export const standardizing = {
  /** First values of the layer's states. @param features float32 [count, width] */
  fit(name: string, features: Float32Array, width: number): Standardizing {
    const count = features.length / width;
    const mean = new Float64Array(width);
    for (let i = 0; i < features.length; i++) mean[i % width]! += features[i]! / count;
    let squares = 0;
    for (let i = 0; i < features.length; i++) squares += (features[i]! - mean[i % width]!) ** 2;
    const measured = Math.sqrt(squares / features.length);
    const deviation = measured > leastDeviation ? measured : 1;
    return {
      states: new Map([
        [`${name}.mean`, Float32Array.from(mean)],
        [`${name}.scale`, Float32Array.of(1 / deviation)],
      ]),
      standardized: features.map((value, i) => (value - mean[i % width]!) / deviation),
    };
  },
  /** float32 [N, width] → the same */
  apply(context: NetworkContext, name: string, x: Tensor): Tensor {
    const mean = context.state(`${name}.mean`, [x.shape[1] as number], zeros);
    const scale = context.state(`${name}.scale`, [1], zeros);
    return multiply(subtract(x, mean), scale);
  },
};
