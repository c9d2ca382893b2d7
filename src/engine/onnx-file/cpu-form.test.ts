import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { ForeignModel } from '../../../test/fixtures/foreign-model.js';
import { blockKinds, narrowNetwork } from '../../../test/fixtures/narrow-network.js';
import { realData } from '../../../test/fixtures/real-data.js';
import { Random } from '../../core/random.js';
import { decodeOnnx, type OnnxNode, onnxTensor } from '../onnx-model.js';
import { createSession } from '../session.js';
import { cpuForm } from './cpu-form.js';
import { bytesField, joinRope } from './wire.js';

type Feed = Readonly<Record<string, ort.Tensor>>;

async function run(onnx: Uint8Array, feed: Feed, output: string): Promise<Float32Array> {
  const session = await createSession(onnx, { threads: 1 });
  const { [output]: result } = await session.run(feed);
  await session.release();
  return result!.data as Float32Array;
}

function noise(dims: readonly number[]): ort.Tensor {
  const random = Random.of(1, 'noise');
  const length = dims.reduce((product, d) => product * d, 1);
  return new ort.Tensor(
    'float32',
    Float32Array.from({ length }, () => random.normal()),
    dims,
  );
}

/** Largest difference, as part of the largest value. */
function difference(a: Float32Array, b: Float32Array): number {
  expect(a.length).toBe(b.length);
  const largest = b.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-3);
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0) / largest;
}

/** Shapes of the weights of the convolutions. */
function kernels(onnx: Uint8Array): number[][] {
  const { node, initializer } = decodeOnnx(onnx).graph;
  const dims = new Map(initializer.map((tensor) => [tensor.name, [...tensor.dims]]));
  return node.filter(({ opType }) => opType === 'Conv').map(({ input }) => dims.get(input[1]!)!);
}

describe('maps of few channels', () => {
  it.each([
    [7, 7],
    [8, 16],
    [13, 16],
    [16, 16],
    [17, 20],
    [24, 24],
    [30, 32],
  ])('of %i get %i', (channels, wanted) => {
    const bytes = narrowNetwork({ seed: 1, channels, blocks: ['plain'] }).bytes();
    expect(kernels(cpuForm(bytes, 16))).toEqual([
      [wanted, 3, 3, 3],
      [wanted, wanted, 3, 3],
      [5, wanted, 1, 1],
    ]);
  });

  it.each(blockKinds)('give the same through blocks of the kind %s', async (kind) => {
    const bytes = narrowNetwork({ seed: 2, channels: 9, blocks: [kind, kind] }).bytes();
    const form = cpuForm(bytes, 16);
    // None of these kinds stands in the way.
    expect(kernels(form)[0]).toEqual([16, 3, 3, 3]);
    const feed = { x: noise([2, 3, 9, 11]) };
    expect(difference(await run(form, feed, 'y'), await run(bytes, feed, 'y'))).toBeLessThan(1e-5);
  });

  it('give the same in networks of any channels and blocks', async () => {
    const networks = fc.record({
      seed: fc.integer({ min: 1, max: 1e6 }),
      channels: fc.integer({ min: 1, max: 35 }),
      blocks: fc.array(fc.constantFrom(...blockKinds), { minLength: 1, maxLength: 5 }),
    });
    await fc.assert(
      fc.asyncProperty(networks, async (network) => {
        const bytes = narrowNetwork(network).bytes();
        const feed = { x: noise([2, 3, 9, 11]) };
        expect(
          difference(await run(cpuForm(bytes, 16), feed, 'y'), await run(bytes, feed, 'y')),
        ).toBeLessThan(2e-5);
      }),
      { numRuns: 60 },
    );
  }, 60_000);

  /** A map of 9 channels that something else reads or makes as well. */
  const kept: Record<string, (model: ForeignModel, map: string) => string> = {
    'that an unknown operation reads': (model, map) => {
      model.add('Concat', [map, map], 'both', { axis: 1 });
      return map;
    },
    'that are an output': (model, map) => {
      model.output(map);
      return map;
    },
    'that are added to an input': (model, map) =>
      model.add('Add', [map, model.input('other', ['N', 9, 6, 6])], 'sum'),
    'that are added to a constant behind another operation': (model, map) =>
      model.add(
        'Add',
        [map, model.add('Identity', [model.weight('offset', [1, 9, 1, 1])], 'offset-again')],
        'sum',
      ),
    'that are added to a value per place': (model, map) =>
      model.add('Add', [map, model.weight('places', [1, 9, 6, 6])], 'sum'),
    'that are added to a value per column': (model, map) =>
      model.add('Add', [map, model.weight('columns', [6])], 'sum'),
    'that are multiplied by a map of one channel': (model, map) =>
      model.add('Mul', [map, model.add('Conv', [map, model.weight('w1', [1, 9, 1, 1])], 'gate')], 'gated'),
    'that a map of one channel is multiplied by': (model, map) =>
      model.add('Mul', [model.add('Conv', [map, model.weight('w1', [1, 9, 1, 1])], 'gate'), map], 'gated'),
    'that divide': (model, map) => model.add('Div', [map, model.add('Relu', [map], 'positive')], 'signs'),
    'that are turned to another operation by their channels': (model, map) =>
      model.add('Softmax', [map], 'shares', { axis: 1 }),
    'that a mean over channels reads': (model, map) =>
      model.add('ReduceMean', [map], 'mean', { axes: [1, 2], keepdims: 1 }),
    'of convolutions in groups': (model, map) =>
      model.add('Conv', [map, model.weight('grouped', [9, 3, 1, 1])], 'grouped-map', { group: 3 }),
    'that are normalized by statistics of their own': (model, map) => {
      const statistics = [1, 2, 3, 4].map((i) => model.weight(`s${i}`, [9]));
      return model.add('BatchNormalization', [map, ...statistics], 'normal', { training_mode: 1 });
    },
  };
  function between(change: (model: ForeignModel, map: string) => string): Uint8Array {
    const model = new ForeignModel();
    const x = model.input('x', ['N', 3, 6, 6]);
    const map = model.add('Conv', [x, model.weight('w', [9, 3, 1, 1])], 'map');
    const changed = change(model, map);
    const channels = changed === 'mean' ? 1 : 9;
    model.add('Conv', [changed, model.weight('last', [5, channels, 1, 1])], 'y');
    model.output('y');
    return model.bytes();
  }

  it.each(Object.entries(kept))('are left alone %s', (_, change) => {
    const bytes = between(change);
    expect(cpuForm(bytes, 16)).toBe(bytes);
  });

  it('are not left alone without all that', () => {
    expect(
      kernels(
        cpuForm(
          between((_, map) => map),
          16,
        ),
      )[0],
    ).toEqual([16, 3, 1, 1]);
  });

  it('are left alone where weights are computed', () => {
    const model = new ForeignModel();
    const x = model.input('x', ['N', 3, 6, 6]);
    const weight = model.add('Identity', [model.weight('w', [9, 3, 1, 1])], 'same');
    const map = model.add('Conv', [x, weight], 'map');
    model.add('Conv', [map, model.weight('last', [5, 9, 1, 1])], 'y');
    model.output('y');
    const bytes = model.bytes();
    expect(cpuForm(bytes, 16)).toBe(bytes);
  });

  it('are left alone where it is not known how many channels a block has', () => {
    const bytes = narrowNetwork({ seed: 1, channels: 9, blocks: ['plain'] }).bytes();
    expect(cpuForm(bytes, undefined)).toBe(bytes);
  });

  it('do not change weights that others use', async () => {
    const model = new ForeignModel();
    const x = model.input('x', ['N', 9, 6, 6]);
    const weight = model.weight('w', [9, 9, 1, 1]);
    const map = model.add('Conv', [x, weight], 'map');
    model.add('Conv', [map, weight], 'y');
    model.output('y');
    const form = cpuForm(model.bytes(), 16);
    expect(kernels(form)).toEqual([
      [16, 9, 1, 1],
      [9, 16, 1, 1],
    ]);
    const feed = { x: noise([1, 9, 6, 6]) };
    expect(difference(await run(form, feed, 'y'), await run(model.bytes(), feed, 'y'))).toBeLessThan(1e-5);
  });
});

describe('bytes that are scaled', () => {
  const pixels = new ort.Tensor(
    'uint8',
    Uint8Array.from({ length: 2 * 4 * 5 * 3 }, (_, i) => (i * 37) & 255),
    [2, 4, 5, 3],
  );

  function scaled(factor: readonly [dims: number[], values: number[]], opset: number): ForeignModel {
    const model = new ForeignModel(opset);
    const x = model.input('x', ['N', 4, 5, 3], 2);
    const reversed = model.add('Gather', [x, model.integers('bgr', [2, 1, 0])], 'reversed', { axis: 3 });
    const turned = model.add('Transpose', [reversed], 'turned', { perm: [0, 3, 1, 2] });
    const floats = model.add('Cast', [turned], 'floats', { to: 1 });
    model.initializers.push(onnxTensor('factor', 'float32', ...factor));
    model.add('Mul', [floats, 'factor'], 'product');
    model.add('Neg', ['product'], 'y');
    model.output('y');
    return model;
  }
  const operations = (bytes: Uint8Array) =>
    decodeOnnx(bytes).graph.node.map(({ opType }: OnnxNode) => opType);
  const perColour = [1 / 255, 1 / 57.1, 0.0171];

  it.each([
    ['by one number', [], [1 / 255], 11],
    ['by one number', [1, 1, 1, 1], [1 / 127.5], 21],
    ['per channel', [1, 3, 1, 1], perColour, 13],
    ['per channel', [3, 1, 1], perColour, 17],
  ] as const)('%s %j are scaled at once, to the bit the same', async (_, dims, values, opset) => {
    const bytes = scaled([[...dims], [...values]], opset).bytes();
    const form = cpuForm(bytes, 16);
    expect(operations(form)).toEqual(['Gather', 'Transpose', 'DequantizeLinear', 'Neg']);
    expect(await run(form, { x: pixels }, 'y')).toEqual(await run(bytes, { x: pixels }, 'y'));
  });

  it.each([
    ['per channel before version 13', [1, 3, 1, 1], perColour, 12],
    ['per place', [1, 3, 4, 5], Array(60).fill(2), 17],
    ['where that adds an axis', [1, 1, 1, 1, 1], [2], 17],
    ['by less than nothing', [], [-1], 17],
  ] as const)('are left alone %s', (_, dims, values, opset) => {
    const bytes = scaled([[...dims], [...values]], opset).bytes();
    expect(cpuForm(bytes, 16)).toBe(bytes);
  });

  it('are left alone where their floats are read as well', () => {
    const model = scaled([[], [0.5]], 17);
    model.add('Abs', ['floats'], 'z');
    expect(cpuForm(model.bytes(), 16)).toEqual(model.bytes());
    const other = scaled([[], [0.5]], 17);
    other.output('floats');
    expect(cpuForm(other.bytes(), 16)).toEqual(other.bytes());
  });
});

describe('a model of more than 64 MiB', () => {
  it('is left as it is', () => {
    const small = narrowNetwork({ seed: 1, channels: 9, blocks: ['plain'] }).bytes();
    // Metadata behind a file are a part of it.
    const padding = (length: number) =>
      bytesField(14, [bytesField(1, 'padding'), bytesField(2, new Uint8Array(length))]);
    const large = joinRope([small, padding(64 * 2 ** 20)]);
    expect(cpuForm(large, 16)).toBe(large);
    expect(kernels(cpuForm(joinRope([small, padding(10)]), 16))[0]).toEqual([16, 3, 3, 3]);
  });
});

describe('what is no model', () => {
  it('is handed on to ONNX Runtime, which says so', () => {
    const bytes = Uint8Array.of(1, 2, 3);
    expect(cpuForm(bytes, 16)).toBe(bytes);
  });
});

describe('a real backbone', () => {
  const { path, absent } = realData('models', 'mobilenetv2-0.35-224.onnx');
  it.skipIf(absent)('gives the same features, and its narrow maps are wider', async () => {
    const bytes = new Uint8Array(await readFile(path));
    const form = cpuForm(bytes, 16);
    const [plain, wide] = [bytes, form].map((each) => kernels(each).map(([out]) => out!));
    expect(plain!.filter((channels) => channels === 8)).toHaveLength(3);
    expect(Math.min(...wide!)).toBe(16);
    const feed = { pixel_values: noise([2, 3, 224, 224]) };
    expect(difference(await run(form, feed, 'features'), await run(bytes, feed, 'features'))).toBeLessThan(
      1e-5,
    );
  });
});
