import { normalizeAxis, shapeMismatch, staticShape } from '../shape.js';
import { apply, type Operation, type Tensor } from '../tensor.js';
import { transpose } from './transpose.js';

// Gathering rows and adding them up are each other's gradient, so they share a file.

const gathering: Operation<{ readonly axis: number }> = {
  name: 'gather',
  infer(inputs, { axis }) {
    const [x, indices] = inputs as [Tensor, Tensor];
    if (indices.dtype !== 'int64') throw shapeMismatch('gather', 'int64 indices', inputs, 'cast the indices');
    return [
      { dtype: x.dtype, shape: [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)] },
    ];
  },
  emit: ({ add, inputs, outputs, attributes: { axis } }) => void add('Gather', inputs, { axis }, outputs),
  gradient({ inputs, attributes: { axis }, outputGradient: g }) {
    const [x, indices] = inputs as [Tensor, Tensor];
    // The gathered axes go first, so that each index names a whole row of the gradient.
    const from = axis;
    const count = indices.rank;
    const rest = g.shape.map((_, i) => i).filter((i) => i < from || i >= from + count);
    const rows = transpose(g, [...indices.shape.map((_, i) => from + i), ...rest]);
    const shape = staticShape('gather (gradient)', x);
    const others = shape.map((_, i) => i).filter((i) => i !== axis);
    const added = scatterAdd(indices, rows, [shape[axis]!, ...others.map((i) => shape[i]!)]);
    return [
      transpose(
        added,
        [...shape.keys()].map((i) => (i === axis ? 0 : others.indexOf(i) + 1)),
      ),
      undefined,
    ];
  },
};

/**
 * Entries of x along an axis, by index: result[..., i…, ...] = x[..., indices[i…], ...].
 * @param indices int64 of any shape, each in [0, length of the axis)
 */
export function gather(x: Tensor, indices: Tensor, axis = 0): Tensor {
  return apply(gathering, [x, indices], { axis: normalizeAxis('gather', axis, x) });
}

const scattering: Operation<{ readonly shape: readonly number[] }> = {
  name: 'scatterAdd',
  infer(inputs, { shape }) {
    const [indices, rows] = inputs as [Tensor, Tensor];
    const expected = [...indices.shape, ...shape.slice(1)];
    if (indices.dtype !== 'int64' || expected.join() !== rows.shape.join()) {
      throw shapeMismatch(
        'scatterAdd',
        `int64 indices and rows of shape [${expected.join(', ')}]`,
        inputs,
        'reshape',
      );
    }
    return [{ dtype: rows.dtype, shape }];
  },
  emit({ node, add, constant, inputs, outputs, attributes: { shape } }) {
    const target = add('Expand', [constant('float32', [], [0]), constant('int64', [shape.length], shape)]);
    const tupleShape = [...node.inputs[0]!.shape, 1] as number[];
    const tuples = add('Reshape', [inputs[0]!, constant('int64', [tupleShape.length], tupleShape)]);
    add('ScatterND', [target, tuples, inputs[1]!], { reduction: 'add' }, outputs);
  },
  gradient: ({ inputs: [indices], outputGradient: g }) => [undefined, gather(g, indices!)],
};

/**
 * Rows added into a tensor of zeros: result[indices[i…]] += rows[i…].
 * @param indices int64 of any shape
 * @param rows float32, shape of the indices followed by `shape` without its first axis
 * @param shape of the result
 */
export function scatterAdd(indices: Tensor, rows: Tensor, shape: readonly number[]): Tensor {
  return apply(scattering, [indices, rows], { shape });
}
