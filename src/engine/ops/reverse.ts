import { normalizeAxis } from '../shape.js';
import { apply, type Operation, type Tensor } from '../tensor.js';

const operation: Operation<{ readonly axis: number }> = {
  name: 'reverse',
  infer: ([x]) => [x!],
  emit({ add, constant, inputs, outputs, attributes: { axis } }) {
    const list = (value: number) => constant('int64', [1], [value]);
    // From the last element down past the first: the end lies before any index.
    add('Slice', [inputs[0]!, list(-1), list(Number.MIN_SAFE_INTEGER), list(axis), list(-1)], {}, outputs);
  },
  gradient: ({ attributes: { axis }, outputGradient: g }) => [reverse(g, axis)],
};

/** Elements along an axis in opposite order. */
export function reverse(x: Tensor, axis: number): Tensor {
  return apply(operation, [x], { axis: normalizeAxis('reverse', axis, x) });
}
