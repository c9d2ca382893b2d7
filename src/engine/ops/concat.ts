import { normalizeAxis, shapeMismatch, staticShape } from '../shape.js';
import { apply, applyAll, type Operation, type Tensor } from '../tensor.js';
import { zeros } from './zeros.js';

// Concatenating and splitting are each other's gradient, so they share a file.

const concatenation: Operation<{ readonly axis: number }> = {
  name: 'concat',
  infer(inputs, { axis }) {
    const first = inputs[0]!;
    const fits = inputs.every(
      (x) =>
        x.dtype === first.dtype &&
        x.rank === first.rank &&
        x.shape.every((d, i) => i === axis || d === first.shape[i]),
    );
    if (!fits)
      throw shapeMismatch(
        'concat',
        `tensors that differ only in axis ${axis}`,
        inputs,
        'reshape or cast them',
      );
    const lengths = inputs.map((x) => x.shape[axis]!);
    const total = lengths.every((length) => typeof length === 'number')
      ? lengths.reduce((sum, length) => sum + length, 0)
      : lengths.join(' + ');
    return [{ dtype: first.dtype, shape: first.shape.map((d, i) => (i === axis ? total : d)) }];
  },
  emit: ({ add, inputs, outputs, attributes: { axis } }) => void add('Concat', inputs, { axis }, outputs),
  gradient({ inputs, attributes: { axis }, outputGradient: g }) {
    return split(
      g,
      inputs.map((x) => {
        const length = x.shape[axis]!;
        return typeof length === 'number' ? length : staticShape('concat (gradient)', x)[axis]!;
      }),
      axis,
    );
  },
};

/** Tensors one after the other along an axis. */
export function concat(inputs: readonly Tensor[], axis = 0): Tensor {
  return inputs.length === 1
    ? inputs[0]!
    : apply(concatenation, inputs, { axis: normalizeAxis('concat', axis, inputs[0]!) });
}

const division: Operation<{ readonly lengths: readonly number[]; readonly axis: number }> = {
  name: 'split',
  infer([x], { lengths, axis }) {
    if (lengths.reduce((total, length) => total + length, 0) !== x!.shape[axis]) {
      throw shapeMismatch(
        'split',
        `lengths that add up to axis ${axis}`,
        [x!],
        `${lengths.join(' + ')} came`,
      );
    }
    return lengths.map((length) => ({
      dtype: x!.dtype,
      shape: x!.shape.map((d, i) => (i === axis ? length : d)),
    }));
  },
  emit: ({ add, constant, inputs, outputs, attributes: { lengths, axis } }) =>
    void add('Split', [inputs[0]!, constant('int64', [lengths.length], lengths)], { axis }, outputs),
  gradient({ outputs, outputGradients, attributes: { axis } }) {
    return [
      concat(
        outputs.map((output, i) => outputGradients[i] ?? zeros(staticShape('split (gradient)', output))),
        axis,
      ),
    ];
  },
};

/** Cuts a tensor into pieces of the given lengths along an axis. */
export function split(x: Tensor, lengths: readonly number[], axis = 0): readonly Tensor[] {
  const along = normalizeAxis('split', axis, x);
  return lengths.length === 1 && lengths[0] === x.shape[along]
    ? [x]
    : applyAll(division, [x], { lengths, axis: along });
}
