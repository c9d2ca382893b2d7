import { max, mean, spatialAxes, type Tensor, transpose } from '../../engine/index.js';
import type { NetworkContext } from '../network.js';

/** The largest or mean value of every channel over the whole map: float32 [N, channels]. */
export function globalPool({ layout }: NetworkContext, x: Tensor, by: 'max' | 'mean'): Tensor {
  const pooled = (by === 'max' ? max : mean)(x, { axes: spatialAxes(layout) });
  return layout === 'CHWN' ? transpose(pooled, [1, 0]) : pooled;
}
