import { normalizeAxis, shapeMismatch, staticShape } from '../shape.js';
import { apply, type Operation, type Tensor } from '../tensor.js';

// Gathering elements and adding them up are each other's gradient, so they share a file.

const gathering: Operation<{ readonly axis: number }> = {
  name: 'gatherElements',
  infer(inputs, { axis }) {
    const [x, indices] = inputs as [Tensor, Tensor];
    const fits = indices.rank === x.rank && indices.shape.every((d, i) => i === axis || d === x.shape[i]);
    if (indices.dtype !== 'int64' || !fits) {
      throw shapeMismatch(
        'gatherElements',
        `int64 indices that differ from x only in axis ${axis}`,
        inputs,
        'reshape',
      );
    }
    return [{ dtype: x.dtype, shape: indices.shape }];
  },
  emit: ({ add, inputs, outputs, attributes: { axis } }) =>
    void add('GatherElements', inputs, { axis }, outputs),
  gradient({ inputs: [x, indices], attributes: { axis }, outputGradient: g }) {
    return [scatterElements(indices!, g, staticShape('gatherElements (gradient)', x!), axis), undefined];
  },
};

/**
 * One element per index along an axis: for a matrix and axis 1, result[i, j] = x[i, indices[i, j]].
 * @param indices int64, of x's shape but for the axis
 */
export function gatherElements(x: Tensor, indices: Tensor, axis = -1): Tensor {
  return apply(gathering, [x, indices], { axis: normalizeAxis('gatherElements', axis, x) });
}

const scattering: Operation<{ readonly shape: readonly number[]; readonly axis: number }> = {
  name: 'scatterElements',
  infer(inputs, { shape }) {
    const [indices, values] = inputs as [Tensor, Tensor];
    if (indices.dtype !== 'int64' || indices.shape.join() !== values.shape.join()) {
      throw shapeMismatch(
        'scatterElements',
        'int64 indices of the shape of the values',
        inputs,
        'reshape one of them',
      );
    }
    return [{ dtype: values.dtype, shape }];
  },
  emit({ add, constant, inputs, outputs, attributes: { shape, axis } }) {
    const target = add('Expand', [constant('float32', [], [0]), constant('int64', [shape.length], shape)]);
    add('ScatterElements', [target, inputs[0]!, inputs[1]!], { axis, reduction: 'add' }, outputs);
  },
  gradient: ({ inputs: [indices], attributes: { axis }, outputGradient: g }) => [
    undefined,
    gatherElements(g, indices!, axis),
  ],
};

/** Values added into a tensor of zeros along an axis: for a matrix and axis 1, result[i, indices[i, j]] += values[i, j]. */
export function scatterElements(
  indices: Tensor,
  values: Tensor,
  shape: readonly number[],
  axis: number,
): Tensor {
  return apply(scattering, [indices, values], { shape, axis });
}
