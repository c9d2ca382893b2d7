import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../../test/fixtures/temporary-directory.js';
import { emitGraph } from './emit.js';
import { gradients } from './gradients.js';
import { decodeOnnx, type OnnxGraph } from './onnx-model.js';
import { add } from './ops/add.js';
import { constant } from './ops/constant.js';
import { conv2d } from './ops/conv2d/conv2d.js';
import { erf } from './ops/erf.js';
import { exp } from './ops/exp.js';
import { input } from './ops/input.js';
import { matmul } from './ops/matmul.js';
import { multiply } from './ops/multiply.js';
import { negate } from './ops/negate.js';
import { noise } from './ops/noise.js';
import { parameter } from './ops/parameter.js';
import { relu } from './ops/relu.js';
import { sum } from './ops/sum.js';
import { topK } from './ops/top-k.js';
import { Program } from './program.js';
import type { Tensor } from './tensor.js';
import { topologicalOrder } from './topological-order.js';

const emitted = (outputs: Record<string, Tensor>, bindings?: ReadonlyMap<Tensor, Tensor>): OnnxGraph =>
  decodeOnnx(emitGraph({ outputs, bindings, target: 'training' })).graph;

interface ProfileEvent {
  readonly args?: { readonly op_name?: string };
}

const count = (graph: OnnxGraph, type: string) => graph.node.filter((node) => node.opType === type).length;

describe('emitGraph', () => {
  const x = input('x', 'float32', ['N', 3]);

  it('declares noise of one name once, however often it is asked for', () => {
    const twice = add(noise('again', [2]), noise('again', [2]));
    expect(emitted({ twice }).input.map(({ name }) => name)).toEqual(['noise:again']);
  });

  it('writes an operation once, however often its result is used', () => {
    const shared = exp(x);
    const graph = emitted({ y: multiply(shared, shared), z: add(shared, shared), shared });
    expect(count(graph, 'Exp')).toBe(1);
  });
  it('leaves out what no output needs', () => {
    const unused = exp(x);
    multiply(unused, unused);
    const graph = emitted({ y: relu(x) });
    expect(graph.node.map((node) => node.opType)).toEqual(['Relu']);
  });
  it('leaves out inputs that no output needs', () => {
    const graph = emitted({ y: relu(x) }, new Map([[parameter('p', [3]), input('p', 'float32', [3])]]));
    expect(graph.input.map(({ name }) => name)).toEqual(['x']);
  });
  it('stores equal constants once, and others apart', () => {
    const graph = emitted({
      y: add(add(x, constant([1, 2, 3], [3])), constant([1, 2, 3], [3])),
      z: add(add(x, constant([1, 2, 4], [3])), constant([1, 2, 3], [1, 3])),
      w: constant([1, 2, 3], [3], 'int64'),
    });
    expect(graph.initializer.length).toBe(4);
  });
  it('keeps the sign of zeros', async () => {
    const program = await Program.compile({ outputs: { y: constant([0], [1]), z: constant([-0], [1]) } });
    expect(await program.run({})).toEqual({ y: Float32Array.of(0), z: Float32Array.of(-0) });
  });
  it('puts every node after those that it depends on', () => {
    const a = exp(x);
    const b = multiply(relu(a), a);
    const graph = emitted({ last: add(b, a), first: a });
    const known = new Set(['x', ...graph.initializer.map(({ name }) => name)]);
    for (const node of graph.node) {
      for (const name of node.input) expect(known).toContain(name);
      for (const name of node.output) known.add(name);
    }
  });
  it('names the batch axis of inputs and outputs', () => {
    const graph = emitted({ y: relu(x) });
    const named = [{ dimParam: 'N' }, { dimValue: 3 }];
    expect(graph.input[0]).toMatchObject({
      name: 'x',
      type: { tensorType: { elemType: 1, shape: { dim: named } } },
    });
    expect(graph.output[0]).toMatchObject({
      name: 'y',
      type: { tensorType: { elemType: 1, shape: { dim: named } } },
    });
  });
  it('gives a tensor as many names as outputs ask for', async () => {
    const both = relu(constant([-1, 2], [2]));
    const program = await Program.compile({ outputs: { y: both, z: both } });
    expect(await program.run({})).toEqual({ y: Float32Array.of(0, 2), z: Float32Array.of(0, 2) });
  });
  it('hands an input through under another name', async () => {
    const program = await Program.compile({ outputs: { y: input('x', 'float32', [2]) } });
    expect(await program.run({ x: Float32Array.of(1, 2) })).toEqual({ y: Float32Array.of(1, 2) });
  });
  it('takes any output of an operation with several', async () => {
    const program = await Program.compile({ outputs: { at: topK(constant([1, 5, 3], [3]), 2).indices } });
    expect(await program.run({})).toEqual({ at: BigInt64Array.of(1n, 2n) });
  });

  it('puts what is bound in the place of a parameter, through any number of bindings', async () => {
    const [first, second] = [parameter('first', [2]), parameter('second', [2])];
    const program = await Program.compile({
      outputs: { y: multiply(first, constant(2)), first },
      bindings: new Map([
        [first, second],
        [second, add(constant([1, 2], [2]), constant(1))],
      ]),
    });
    expect(await program.run({})).toEqual({ y: Float32Array.of(4, 6), first: Float32Array.of(2, 3) });
  });
  it('differentiates before it binds: gradients are those of the parameters', async () => {
    const p = parameter('p', [2]);
    const [gradient] = gradients(sum(multiply(p, p)), [p]);
    const program = await Program.compile({
      outputs: { gradient },
      bindings: new Map([[p, exp(input('logarithms', 'float32', [2]))]]),
    });
    expect(await program.run({ logarithms: Float32Array.of(0, 0) })).toEqual({
      gradient: Float32Array.of(2, 2),
    });
  });
  it('names a parameter that nothing is bound to', () => {
    expect(() => emitted({ y: relu(parameter('dense/kernel', [2])) })).toThrow(
      /parameter 'dense\/kernel'.*binding/,
    );
  });

  it('writes metadata, and who made the file', () => {
    const file = emitGraph({
      outputs: { y: relu(x) },
      target: 'portable',
      metadata: { recipe: 'fast', seed: '1' },
    });
    const model = decodeOnnx(file);
    expect(model.metadataProps).toEqual([
      { key: 'recipe', value: 'fast' },
      { key: 'seed', value: '1' },
    ]);
    expect(model.producerName).toBe('imagekin');
  });
  it('writes the same bytes for the same graph', () => {
    const file = () => emitGraph({ outputs: { y: relu(x), z: exp(relu(x)) }, target: 'training' });
    expect(file()).toEqual(file());
  });
  it('uses standard ONNX alone in a portable file', () => {
    const images = input('images', 'float32', ['N', 5, 5, 1]);
    const convolved = conv2d(images, constant([1, 2, 3, 4], [2, 2, 1, 1]), { layout: 'NHWC', padding: 1 });
    const gram = matmul(x, x, { transposeA: true });
    const model = decodeOnnx(emitGraph({ outputs: { convolved, gram }, target: 'portable' }));
    expect(model.opsetImport.map(({ domain }) => domain)).toEqual(['']);
    expect(new Set(model.graph.node.map(({ domain }) => domain))).toEqual(new Set(['']));
  });
  it('shares the columns of a convolution with its weight gradient', () => {
    const images = input('images', 'float32', [2, 5, 5, 1]);
    const weights = parameter('weights', [3, 3, 1, 4]);
    const convolved = conv2d(images, weights, { layout: 'NHWC', stride: 2 });
    const [gradient] = gradients(sum(convolved), [weights]);
    const bindings = new Map([[weights, input('weights', 'float32', weights.shape)]]);
    expect(count(emitted({ convolved, gradient }, bindings), 'Gather')).toBe(1);
  });
  it.each([
    { first: ['left', 'right'], order: ['Exp', 'Erf'] },
    { first: ['right', 'left'], order: ['Erf', 'Exp'] },
  ])('has ONNX Runtime compute $first first, in this order', async ({ first, order }) => {
    const numbers = input('x', 'float32', [2, 3]);
    const sides: Record<string, Tensor> = { left: exp(numbers), right: erf(numbers) };
    const outputs = { both: add(relu(sides.left!), relu(sides.right!)) };
    const profileDirectory = await temporaryDirectory();
    const program = await Program.compile(
      { outputs, first: first.map((side) => sides[side]!) },
      { profileDirectory },
    );
    const results = await program.run({ x: new Float32Array(6) });
    const events = JSON.parse(await readFile(program.endProfiling(), 'utf8')) as ProfileEvent[];
    const types = events.map(({ args }) => args?.op_name).filter((type) => type === 'Exp' || type === 'Erf');
    expect(types).toEqual(order);
    expect(Object.keys(results)).toEqual(['both']);
    await program.release();
  });
  it('orders what is written alone, and training programs alone', async () => {
    const [a, b] = [input('a', 'float32', [2]), input('b', 'float32', [2])];
    const [rewritten, unused, result] = [negate(b), exp(a), add(a, negate(b))];
    const outputs = { difference: add(a, rewritten), result };
    // What a pass has rewritten, what nothing needs, an input, an output, and one of them twice.
    const first = [rewritten, unused, a, result, result];
    const program = await Program.compile({ outputs, first });
    const values = await program.run({ a: Float32Array.of(3, 5), b: Float32Array.of(1, 1) });
    expect(values).toEqual({ difference: Float32Array.of(2, 4), result: Float32Array.of(2, 4) });
    await program.release();
    const portable = decodeOnnx(emitGraph({ outputs, first, target: 'portable' })).graph;
    expect(portable.output.map(({ name }) => name)).toEqual(['difference', 'result']);
  });
  it('writes deep graphs', () => {
    let deep: Tensor = x;
    for (let i = 0; i < 20_000; i++) deep = relu(deep);
    expect(count(emitted({ deep }), 'Relu')).toBe(20_000);
  });
});

describe('topologicalOrder', () => {
  it('holds each node once, after its inputs', () => {
    const x = parameter('x', [2]);
    const shared = exp(x);
    const order = topologicalOrder([add(multiply(shared, shared), shared), shared]);
    expect(order.map((node) => node.operation.name)).toEqual(['parameter', 'exp', 'multiply', 'add']);
  });
  it('follows bindings instead of what they replace', () => {
    const p = parameter('p', [2]);
    const bound = exp(constant([1, 2], [2]));
    const order = topologicalOrder([relu(p)], (tensor) => (tensor === p ? bound : tensor));
    expect(order.map((node) => node.operation.name)).toEqual(['constant', 'exp', 'relu']);
  });
});
