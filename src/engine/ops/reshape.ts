import { elementCount, formatShape, sameShape, shapeMismatch } from '../shape.js';
import { apply, type Operation, type Shape, type Tensor } from '../tensor.js';

const operation: Operation<{ readonly shape: Shape }> = {
  name: 'reshape',
  infer([x], { shape }) {
    const named = (s: Shape) => s.filter((d) => typeof d === 'string').join();
    const fixed = (s: Shape) => elementCount(s.filter((d) => typeof d === 'number'));
    if (named(x!.shape) !== named(shape) || fixed(x!.shape) !== fixed(shape)) {
      throw shapeMismatch(
        'reshape',
        `as many elements as ${formatShape(shape)}`,
        [x!],
        'give a shape of equal size',
      );
    }
    return [{ dtype: x!.dtype, shape }];
  },
  emit({ add, constant, inputs, outputs, attributes: { shape } }) {
    const dims = shape.map((d) => (typeof d === 'number' ? d : -1));
    add('Reshape', [inputs[0]!, constant('int64', [dims.length], dims)], {}, outputs);
  },
  gradient: ({ inputs: [x], outputGradient: g }) => [reshape(g, x!.shape)],
};

/** The same elements, in row-major order, under another shape. At most one axis may be named. */
export function reshape(x: Tensor, shape: Shape): Tensor {
  return sameShape(x.shape, shape) ? x : apply(operation, [x], { shape });
}
