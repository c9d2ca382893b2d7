import { normalizeAxis, shapeMismatch } from '../shape.js';
import { apply, type Operation, type Tensor } from '../tensor.js';
import { concat } from './concat.js';
import { mapAxis } from './map-axis.js';
import { multiply } from './multiply.js';
import { wholeBlocks } from './pooling-blocks.js';
import { reshape } from './reshape.js';
import { slice } from './slice.js';
import { step } from './step.js';
import { subtract } from './subtract.js';

/** Elements behind an axis from which on a product along it is worth its call. */
const longRow = 2 ** 12;

const operation: Operation<void> = {
  name: 'maxOfBlock',
  infer: ([x]) => [{ dtype: 'float32', shape: [x!.shape[0]!, 1, x!.shape[2]!] }],
  emit: ({ add, constant: store, inputs, outputs }) =>
    void add('ReduceMax', [inputs[0]!, store('int64', [1], [1])], { keepdims: 1 }, outputs),
  // All of it goes to the first of the largest, so that gradients neither vanish nor multiply where elements are equal.
  gradient({ inputs: [x], outputs: [y], outputGradient: g }) {
    const size = x!.shape[1] as number;
    let left = g;
    const parts: Tensor[] = [];
    for (let i = 0; i < size - 1; i++) {
      // Of two, their difference says it: one pass over memory in the place of two, where it is no heap of small products.
      const distance =
        size === 2 && (x!.shape[2] as number) >= longRow
          ? mapAxis(x!, 1, [[-1, 1]], { apart: true })
          : subtract(y!, slice(x!, 1, i, i + 1));
      const smaller = step(distance);
      const passedOn = multiply(left, smaller);
      parts.push(subtract(left, passedOn));
      left = passedOn;
    }
    return [concat([...parts, left], 1)];
  },
};

/**
 * Largest element of each block of `size` along an axis; elements left over at the end are dropped. The gradient goes to
 * the first of equal largest elements.
 *
 * @param x float32
 */
export function maxOfBlocks(x: Tensor, along: number, size: number): Tensor {
  const axis = normalizeAxis('maxOfBlocks', along, x);
  const length = x.shape[axis] as number;
  const blocks = Math.floor(length / size);
  if (x.dtype !== 'float32' || blocks < 1) {
    throw shapeMismatch(
      'maxOfBlocks',
      `float32 with at least ${size} elements along axis ${axis}`,
      [x],
      'pool less',
    );
  }
  const whole = wholeBlocks(x, axis, size);
  const shape = whole.shape as number[];
  const count = (dimensions: readonly number[]) => dimensions.reduce((product, d) => product * d, 1);
  const outer = count(shape.slice(0, axis)) * blocks;
  const view = reshape(whole, [outer, size, count(shape.slice(axis + 1))]);
  return reshape(
    apply(operation, [view], undefined),
    shape.map((d, i) => (i === axis ? blocks : d)),
  );
}
