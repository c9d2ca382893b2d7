import { describe, expect, it } from 'vitest';
import { evaluate } from '../../../test/oracle/evaluate.js';
import { expectClose } from '../../../test/oracle/expect-close.js';
import { interpret } from '../../../test/oracle/interpreter.js';
import { randomArray } from '../../../test/oracle/random-array.js';
import { gradients } from '../gradients.js';
import { conv2d, maxPool, multiply, parameter, relu, step, sum } from '../ops/index.js';
import type { Tensor } from '../tensor.js';
import { topologicalOrder } from '../topological-order.js';
import { choiceOf, chosenLowering } from './lowering-choice.js';

const images = parameter('images', [2, 5, 9, 8]);
const photographs = parameter('photographs', [2, 3, 17, 16]);
const weights = parameter('weights', [6, 5, 3, 3]);
const firstWeights = parameter('firstWeights', [4, 3, 3, 3]);
const batchLast = parameter('batchLast', [5, 9, 8, 2]);
/** More than are added up in one run, and a number of which few divide. */
const rows = parameter('rows', [521, 2, 3]);
/** Several long runs of them. */
const manyRows = parameter('manyRows', [600, 3]);
const longRows = parameter('longRows', [2, 3, 4099]);
/** Kernels of other sizes, by their size. */
const kernels = Object.fromEntries(
  [
    [3, 1],
    [1, 2],
    [1, 1],
    [5, 5],
  ].map((size) => [size.join('×'), parameter(`kernel ${size.join('×')}`, [6, 5, ...size])]),
);
const leaves = [
  images,
  photographs,
  weights,
  firstWeights,
  batchLast,
  rows,
  manyRows,
  longRows,
  ...Object.values(kernels),
];
const values = Object.fromEntries(
  leaves.map(({ node, shape }) => {
    const { name } = node.attributes as { name: string };
    return [name, randomArray(shape as number[], { stream: name })];
  }),
);

/** Gradients of a sum of squares, so that the gradient that comes in is not all ones. */
function gradientsOf(y: Tensor, ...parameters: Tensor[]): Tensor[] {
  return gradients(sum(multiply(y, y)), parameters);
}

const nchw = { layout: 'NCHW' } as const;
const chwn = { layout: 'CHWN' } as const;
const cases: Record<string, readonly Tensor[]> = {
  step: [step(images)],
  'sums over the first axes': [sum(images, { axes: [0, 1, 2] }), sum(rows, { axes: [0], keepAxes: true })],
  'sums over many rows': [
    sum(rows, { axes: [0] }),
    sum(rows, { axes: [0, 1] }),
    sum(manyRows, { axes: [0] }),
  ],
  'sums over a few long rows': [sum(longRows, { axes: [0] }), sum(longRows, { axes: [0, 1] })],
  'gradient of relu': gradientsOf(relu(images), images),
  'gradients of max pooling': gradientsOf(maxPool(images, { ...nchw, size: 2 }), images),
  'gradients of a convolution': gradientsOf(
    conv2d(images, weights, { ...nchw, padding: 1 }),
    images,
    weights,
  ),
  'gradients of a convolution without padding': gradientsOf(conv2d(images, weights, nchw), images, weights),
  'gradients of a convolution in strides': gradientsOf(
    conv2d(images, weights, { ...nchw, stride: 2, padding: 1 }),
    images,
    weights,
  ),
  'gradients of a convolution of batches last': gradientsOf(
    conv2d(batchLast, weights, { ...chwn, padding: 1 }),
    batchLast,
    weights,
  ),
  ...Object.fromEntries(
    [
      { size: '3×1', stride: 1, padding: 0 },
      { size: '1×2', stride: 2, padding: 1 },
      { size: '1×1', stride: 2, padding: 0 },
      { size: '5×5', stride: 3, padding: 2 },
    ].map(({ size, ...options }) => [
      `gradients of a convolution of batches last, ${size}, ${JSON.stringify(options)}`,
      gradientsOf(conv2d(batchLast, kernels[size]!, { ...chwn, ...options }), batchLast, kernels[size]!),
    ]),
  ),
  'gradients of a convolution of batches last, in strides that leave pixels out': gradientsOf(
    conv2d(batchLast, weights, { ...chwn, stride: 4 }),
    batchLast,
    weights,
  ),
  'gradient of a convolution of few channels': gradientsOf(
    conv2d(photographs, firstWeights, { ...nchw, padding: 1 }),
    firstWeights,
  ),
};

describe.each(Object.entries(cases))('lowerings of the %s', (_, tensors) => {
  const choices = topologicalOrder(tensors).flatMap((node) => choiceOf(node) ?? []);
  const forced = choices.flatMap(({ key, candidates }) => candidates.map(({ name }) => ({ key, name })));

  it('have names of their own', () => {
    expect(choices.length).toBeGreaterThan(0);
    for (const { candidates } of choices) {
      expect(new Set(candidates.map(({ name }) => name)).size).toBe(candidates.length);
    }
  });
  it.each(forced)('compute what the oracle does: $name of $key', async ({ key, name }) => {
    const { node } = choices.find((choice) => choice.key === key)!;
    expect(chosenLowering(node, { [key]: name })?.name).toBe(name);
    const naive = interpret(tensors, values);
    const engine = await evaluate(tensors, values, 'training', { [key]: name });
    for (const i of tensors.keys()) expectClose(`gradient ${i}`, engine[i], naive[i].values, 2e-6);
  });
});

describe('chosenLowering', () => {
  const { node } = step(images);
  it('is the first where none is named, or one that does not exist', () => {
    const { key, candidates } = choiceOf(node)!;
    expect(chosenLowering(node)).toBe(candidates[0]);
    expect(chosenLowering(node, { [key]: 'by-magic' })).toBe(candidates[0]);
  });
  it('is undefined for operations that can be written in one way only', () => {
    expect(chosenLowering(sum(images).node)).toBeUndefined();
  });
});

describe('choiceOf', () => {
  it('is told by operation, shapes and attributes, not by values', () => {
    const key = (tensor: Tensor) => choiceOf(tensor.node)!.key;
    expect(key(step(images))).toBe('step float32[2,5,9,8]');
    expect(key(step(multiply(images, images)))).toBe(key(step(images)));
    const [padded, bare] = [1, 0].map((padding) => conv2d(images, weights, { ...nchw, padding }));
    const [a, b] = [padded, bare].map((y) => gradientsOf(y, weights)[0]);
    expect(key(a)).not.toBe(key(b));
  });
});
