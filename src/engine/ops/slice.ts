import { normalizeAxis, shapeMismatch, staticShape } from '../shape.js';
import { apply, type Operation, type Tensor } from '../tensor.js';
import { concat } from './concat.js';
import { reshape } from './reshape.js';
import { zeros } from './zeros.js';

interface SliceAttributes {
  readonly axis: number;
  readonly start: number;
  readonly end: number;
}

const operation: Operation<SliceAttributes> = {
  name: 'slice',
  infer([x], { axis, start, end }) {
    const length = x!.shape[axis];
    if (typeof length !== 'number' || start < 0 || end > length || start >= end) {
      throw shapeMismatch(
        'slice',
        `an axis ${axis} that holds [${start}, ${end})`,
        [x!],
        'stay within its length',
      );
    }
    return [{ dtype: x!.dtype, shape: x!.shape.map((d, i) => (i === axis ? end - start : d)) }];
  },
  emit({ add, constant, inputs, outputs, attributes: { axis, start, end } }) {
    const list = (value: number) => constant('int64', [1], [value]);
    add('Slice', [inputs[0]!, list(start), list(end), list(axis)], {}, outputs);
  },
  gradient({ inputs: [x], attributes: { axis, start, end }, outputGradient: g }) {
    const shape = staticShape('slice (gradient)', x!);
    // Images get one more axis: of the shape that a slice of theirs had, it would be kept from then on (ADR 0004).
    const apart = (dimensions: readonly number[]) => (shape.length > 2 ? [1, ...dimensions] : dimensions);
    const padding = (length: number) =>
      length === 0 ? [] : [zeros(apart(shape.map((d, i) => (i === axis ? length : d))))];
    const parts = [...padding(start), reshape(g, apart(g.shape as number[])), ...padding(shape[axis]! - end)];
    return [reshape(concat(parts, apart(shape).length - shape.length + axis), shape)];
  },
};

/** Elements `start` (inclusive) to `end` (exclusive) along an axis. */
export function slice(x: Tensor, axis: number, start: number, end: number): Tensor {
  return apply(operation, [x], { axis: normalizeAxis('slice', axis, x), start, end });
}
