import { shapeMismatch, staticShape } from '../shape.js';
import { applyAll, type Operation, type Tensor } from '../tensor.js';
import { scatterElements } from './gather-elements.js';

const operation: Operation<{ readonly k: number }> = {
  name: 'topK',
  infer([x], { k }) {
    const length = x!.shape.at(-1);
    if (x!.dtype !== 'float32' || x!.rank === 0 || (typeof length === 'number' && (k < 1 || k > length))) {
      throw shapeMismatch('topK', `a float32 tensor with a last axis of at least k = ${k}`, [x!], 'lower k');
    }
    const shape = [...x!.shape.slice(0, -1), k];
    return [
      { dtype: 'float32', shape },
      { dtype: 'int64', shape },
    ];
  },
  emit: ({ add, constant, inputs, outputs, attributes: { k } }) =>
    void add('TopK', [inputs[0]!, constant('int64', [1], [k])], { axis: -1 }, outputs),
  gradient({ inputs: [x], outputs: [, indices], outputGradient: g }) {
    return [scatterElements(indices!, g, staticShape('topK (gradient)', x!), x!.rank - 1)];
  },
};

export interface TopK {
  /** float32 [..., k], largest first. */
  readonly values: Tensor;
  /** int64 [..., k], positions in the last axis; the lower one first where values are equal. */
  readonly indices: Tensor;
}

/** The k largest elements along the last axis, and where they stand. */
export function topK(x: Tensor, k: number): TopK {
  const [values, indices] = applyAll(operation, [x], { k });
  return { values: values!, indices: indices! };
}
