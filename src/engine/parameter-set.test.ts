import { describe, expect, it } from 'vitest';
import { Random } from '../core/random.js';
import { gradients } from './gradients.js';
import { constant } from './ops/constant.js';
import { input } from './ops/input.js';
import { matmul } from './ops/matmul.js';
import { multiply } from './ops/multiply.js';
import { sum } from './ops/sum.js';
import { type Initializer, ParameterSet } from './parameter-set.js';
import { Program } from './program.js';
import type { Tensor } from './tensor.js';

const uniform: Initializer = (shape, random) =>
  Float32Array.from({ length: shape.reduce((size, length) => size * length, 1) }, () => random.uniform());
const ones: Initializer = (shape) =>
  new Float32Array(shape.reduce((size, length) => size * length, 1)).fill(1);

function denseLayer() {
  const parameters = new ParameterSet();
  const kernel = parameters.get('kernel', [2, 3], uniform);
  const bias = parameters.get('bias', [3], ones);
  return { parameters, kernel, bias };
}

const run = async (outputs: Record<string, Tensor>, bindings: Map<Tensor, Tensor>, feeds = {}) => {
  const program = await Program.compile({ outputs, bindings });
  return program.run(feeds);
};

describe('ParameterSet', () => {
  it('gives the same tensor for the same name, and counts its elements once', () => {
    const { parameters, kernel } = denseLayer();
    expect(parameters.get('kernel', [2, 3], uniform)).toBe(kernel);
    expect(parameters.length).toBe(9);
    expect(parameters.tensors.length).toBe(2);
  });
  it('refuses one name with two shapes, naming both', () => {
    const { parameters } = denseLayer();
    expect(() => parameters.get('kernel', [3, 2], uniform)).toThrow(/'kernel'.*\[2, 3\].*\[3, 2\]/);
  });
  it('lays parameters out in the order of their first mention', () => {
    const { parameters } = denseLayer();
    parameters.get('kernel', [2, 3], uniform);
    const flat = parameters.initialize(() => Random.of(1));
    expect([...flat.subarray(6)]).toEqual([1, 1, 1]);
    expect([...flat.subarray(0, 6)]).toEqual([...uniform([2, 3], Random.of(1))]);
  });
  it('draws first values from a stream of the name, whatever other parameters there are', () => {
    const alone = new ParameterSet();
    alone.get('kernel', [2, 3], uniform);
    const together = new ParameterSet();
    together.get('another', [5], uniform);
    together.get('kernel', [2, 3], uniform);
    const stream = (name: string) => Random.of(7, name);
    expect(together.initialize(stream).subarray(5)).toEqual(alone.initialize(stream));
  });
  it('binds parameters to parts of a flat input, or to constants, with the same result', async () => {
    const { parameters, kernel, bias } = denseLayer();
    const y = matmul(constant([1, 2], [1, 2]), kernel, { bias });
    const values = Float32Array.of(1, 2, 3, 4, 5, 6, 10, 20, 30);
    const flat = input('flat', 'float32', [parameters.length]);
    const expected = { y: Float32Array.of(19, 32, 45) };
    expect(await run({ y }, parameters.bindToFlat(flat), { flat: values })).toEqual(expected);
    expect(await run({ y }, parameters.bindToConstants(values))).toEqual(expected);
  });
  it('yields gradients of the parameters through a flat vector', async () => {
    const { parameters, kernel, bias } = denseLayer();
    const y = matmul(constant([1, 2], [1, 2]), kernel, { bias });
    const [toKernel, toBias] = gradients(sum(multiply(y, y)), parameters.tensors);
    const values = Float32Array.of(1, 2, 3, 4, 5, 6, 10, 20, 30);
    const flat = input('flat', 'float32', [parameters.length]);
    expect(await run({ toKernel, toBias }, parameters.bindToFlat(flat), { flat: values })).toEqual({
      toKernel: Float32Array.of(38, 64, 90, 76, 128, 180),
      toBias: Float32Array.of(38, 64, 90),
    });
  });
  it('binds a single parameter', async () => {
    const parameters = new ParameterSet();
    const only = parameters.get('only', [2, 1], ones);
    const flat = input('flat', 'float32', [2]);
    const feeds = { flat: Float32Array.of(3, 4) };
    expect(await run({ y: multiply(only, only) }, parameters.bindToFlat(flat), feeds)).toEqual({
      y: Float32Array.of(9, 16),
    });
  });
  it('leaves out, in a subset, what is not kept, and binds the same tensors to a shorter vector', async () => {
    const { parameters, kernel, bias } = denseLayer();
    const subset = parameters.subset((name) => name === 'bias');
    expect(subset.layout).toEqual([{ name: 'bias', shape: [3], offset: 0 }]);
    expect(parameters.length).toBe(9);
    const y = matmul(constant([1, 2], [1, 2]), kernel, { bias });
    const flat = input('flat', 'float32', [subset.length]);
    const rest = parameters
      .subset((name) => name !== 'bias')
      .bindToConstants(Float32Array.of(1, 2, 3, 4, 5, 6));
    expect(
      await run({ y }, new Map([...subset.bindToFlat(flat), ...rest]), { flat: Float32Array.of(10, 20, 30) }),
    ).toEqual({ y: Float32Array.of(19, 32, 45) });
  });
  it('spreads one value of each parameter over its elements', async () => {
    const { parameters } = denseLayer();
    const flat = parameters.spread(({ name, shape }) => (name === 'bias' ? 7 : shape.length));
    expect(await run({ flat }, new Map())).toEqual({ flat: Float32Array.of(2, 2, 2, 2, 2, 2, 7, 7, 7) });
  });
  it('refuses a flat vector of another length', () => {
    const { parameters } = denseLayer();
    expect(() => parameters.bindToFlat(input('flat', 'float32', [10]))).toThrow(/\[10\].*6 \+ 3/);
  });
});
