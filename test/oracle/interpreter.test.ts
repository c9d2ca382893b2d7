import { describe, expect, it } from 'vitest';
import { conv2d } from '../../src/engine/ops/conv2d/conv2d.js';
import * as ops from '../../src/engine/ops/index.js';
import { apply, type Tensor } from '../../src/engine/tensor.js';
import { interpret } from './interpreter.js';
import { naiveArray } from './naive-array.js';
import { errorFunction } from './operations/elementwise.js';

// The oracle itself is held against numbers worked by hand or taken from tables.

const elementsOf = (tensor: Tensor) => [...interpret([tensor], {})[0].values];
const vector = (...values: number[]) => ops.constant(values, [values.length]);

describe('interpret', () => {
  it('cross-correlates: a kernel is not flipped, and padding is zero', () => {
    const image = ops.constant([1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 3, 3, 1]);
    const kernel = ops.constant([1, 0, 0, 10], [2, 2, 1, 1]);
    expect(elementsOf(conv2d(image, kernel, { layout: 'NHWC' }))).toEqual([51, 62, 84, 95]);
    expect(elementsOf(conv2d(image, kernel, { layout: 'NHWC', padding: 1, stride: 2 }))).toEqual([
      10, 30, 70, 95,
    ]);
  });
  it('reads both layouts of the same convolution alike', () => {
    const pixels = [1, 2, 3, 4, 5, 6, 7, 8];
    const weights = [1, 2, 3, 4, 5, 6];
    const last = conv2d(ops.constant(pixels, [1, 2, 2, 2]), ops.constant(weights, [1, 1, 2, 3]), {
      layout: 'NHWC',
    });
    const first = conv2d(
      ops.transpose(ops.constant(pixels, [1, 2, 2, 2]), [0, 3, 1, 2]),
      ops.transpose(ops.constant(weights, [1, 1, 2, 3]), [3, 2, 0, 1]),
      { layout: 'NCHW', bias: vector(0, 0, 0) },
    );
    expect(elementsOf(last).slice(0, 3)).toEqual([1 * 1 + 2 * 4, 1 * 2 + 2 * 5, 1 * 3 + 2 * 6]);
    expect(elementsOf(ops.transpose(first, [0, 2, 3, 1]))).toEqual(elementsOf(last));
  });
  it('normalises batches with the biased variance', () => {
    const x = ops.constant([1, 2, 3, 6], [4, 1, 1, 1]);
    const { y, mean, variance } = ops.batchNormalization(x, vector(2), vector(1), {
      layout: 'NHWC',
      epsilon: 0.5,
    });
    expect(elementsOf(mean)).toEqual([3]);
    expect(elementsOf(variance)).toEqual([3.5]);
    expect(elementsOf(y)).toEqual([-1, 0, 1, 4]);
  });
  it('divides exponentials by their sum', () => {
    const x = vector(Math.log(1), Math.log(2), Math.log(5));
    for (const [i, expected] of [1 / 8, 2 / 8, 5 / 8].entries()) {
      expect(elementsOf(ops.softmax(x))[i]).toBeCloseTo(expected, 14);
      expect(elementsOf(ops.logSoftmax(x))[i]).toBeCloseTo(Math.log(expected), 14);
    }
  });
  it('scales rows to unit length, but for those that are too short', () => {
    expect(elementsOf(ops.l2Normalize(ops.constant([3, 4, 0, 0, 0, 1e-7], [3, 2])))).toEqual([
      0.6, 0.8, 0, 0, 0, 0.1,
    ]);
  });
  it('multiplies matrices, transposed or not', () => {
    const a = ops.constant([1, 2, 3, 4, 5, 6], [2, 3]);
    const b = ops.constant([1, 0, 2, 0, 1, 3], [2, 3]);
    expect(elementsOf(ops.matmul(a, b, { transposeB: true, bias: vector(100, 200) }))).toEqual([
      107, 211, 116, 223,
    ]);
    expect(elementsOf(ops.matmul(a, b, { transposeA: true }))).toEqual([1, 4, 14, 2, 5, 19, 3, 6, 24]);
  });
  it('pools the largest value or the mean of windows', () => {
    const x = ops.constant([1, 2, 3, 4, 5, 6, 7, 8], [1, 1, 2, 4]);
    expect(elementsOf(ops.maxPool(x, { layout: 'NCHW', size: 2, stride: 1 }))).toEqual([6, 7, 8]);
    expect(elementsOf(ops.averagePool(x, { layout: 'NCHW', size: 2 }))).toEqual([3.5, 5.5]);
  });
  it.each([
    // Abramowitz and Stegun, table 7.1.
    [0, 0],
    [0.5, 0.5204998778],
    [1, 0.8427007929],
    [-1, -0.8427007929],
    [2, 0.995322265],
    [10, 1],
  ])('knows that erf(%d) is %d', (x, expected) => {
    expect(errorFunction(x)).toBeCloseTo(expected, 10);
  });
  it('knows that gelu(1) is the share of a normal distribution below one deviation', () => {
    expect(elementsOf(ops.gelu(vector(1)))[0]).toBeCloseTo(0.8413447461, 10);
  });
  it('places elements by index', () => {
    const x = ops.constant([1, 2, 3, 4], [2, 2]);
    const rows = ops.constant([1, 1, 0], [3], 'int64');
    expect(elementsOf(ops.gather(x, rows))).toEqual([3, 4, 3, 4, 1, 2]);
    expect(elementsOf(ops.scatterAdd(rows, ops.gather(x, rows), [2, 2]))).toEqual([1, 2, 6, 8]);
    const columns = ops.constant([1, 0], [2, 1], 'int64');
    expect(elementsOf(ops.gatherElements(x, columns))).toEqual([2, 3]);
    expect(elementsOf(ops.scatterElements(columns, ops.gatherElements(x, columns), [2, 2], 1))).toEqual([
      0, 2, 3, 0,
    ]);
    expect(elementsOf(ops.topK(vector(1, 3, 3, 2), 3).indices)).toEqual([1, 2, 3]);
  });
  it('rearranges elements', () => {
    const x = ops.constant([1, 2, 3, 4, 5, 6], [2, 3]);
    expect(elementsOf(ops.transpose(x, [1, 0]))).toEqual([1, 4, 2, 5, 3, 6]);
    expect(elementsOf(ops.slice(x, 1, 1, 3))).toEqual([2, 3, 5, 6]);
    expect(elementsOf(ops.concat([x, x], 1))).toEqual([1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6]);
    expect(ops.split(x, [1, 2], 1).map(elementsOf)).toEqual([
      [1, 4],
      [2, 3, 5, 6],
    ]);
    expect(elementsOf(ops.broadcastTo(ops.slice(x, 1, 0, 1), [2, 2]))).toEqual([1, 1, 4, 4]);
  });
  it('reduces and broadcasts', () => {
    const x = ops.constant([1, 2, 3, 4, 5, 6], [2, 3]);
    expect(elementsOf(ops.sum(x, { axes: [0] }))).toEqual([5, 7, 9]);
    expect(elementsOf(ops.mean(x, { axes: [1] }))).toEqual([2, 5]);
    expect(elementsOf(ops.max(x))).toEqual([6]);
    expect(elementsOf(ops.subtract(x, ops.constant([1, 4], [2, 1])))).toEqual([0, 1, 2, 0, 1, 2]);
  });

  it('takes parameters, inputs and noise from outside, by name', () => {
    const total = ops.add(
      ops.parameter('w', [1]),
      ops.add(ops.input('x', 'float32', [1]), ops.noise('n', [1])),
    );
    const one = (value: number) => naiveArray([1], [value]);
    const [sum] = interpret([total], { w: one(1), x: one(10), 'noise:n': one(100) });
    expect([...sum.values]).toEqual([111]);
    expect(() => interpret([total], { w: one(1) })).toThrow(/input 'x'/);
  });
  it('names an operation that it has no rule for', () => {
    const unknown = apply({ name: 'fold', infer: ([x]) => [x], emit() {} }, [vector(1)], undefined);
    expect(() => elementsOf(unknown)).toThrow(/no naive rule for operation 'fold'/);
  });
});
