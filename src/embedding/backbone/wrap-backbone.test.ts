import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import {
  type Features,
  largestDifference,
  runBare,
  unit,
  type Wants,
} from '../../../test/fixtures/bare-backbone.js';
import {
  channelsLast,
  convolutional,
  ForeignModel as Foreign,
  type ForeignModel,
  halfPrecision,
  tokens,
  twoTowers,
} from '../../../test/fixtures/foreign-model.js';
import { realData } from '../../../test/fixtures/real-data.js';
import { Random } from '../../core/random.js';
import { decodeOnnx } from '../../engine/index.js';
import { Embedder } from '../embedder.js';
import { decodeModel } from '../model-file.js';
import type { BackboneSpec, PerColour } from './backbone-spec.js';
import { wrapBackbone } from './wrap-backbone.js';

const imageNet = { mean: [0.485, 0.456, 0.406] as PerColour, std: [0.229, 0.224, 0.225] as PerColour };
const half = { mean: [0.5, 0.5, 0.5] as PerColour, std: [0.5, 0.5, 0.5] as PerColour };

function specOf(side: number, more: Partial<BackboneSpec> = {}): BackboneSpec {
  return {
    inputSize: { width: side, height: side },
    resize: { fit: 'cover', filter: 'bilinear' },
    rescale: 1 / 255,
    ...imageNet,
    channels: 'rgb',
    ...more,
  };
}

function wants(spec: BackboneSpec, more: Partial<Wants> = {}): Wants {
  const { inputSize, rescale, mean, std, channels } = spec;
  return { ...inputSize, rescale, mean, std, channels, ...more };
}

function somePixels(count: number, side: number): Uint8Array {
  const random = Random.of(5, 'pixels', side);
  return new Uint8Array(count * side * side * 3).map(() => random.integer(256));
}

const wrap = (bytes: Uint8Array, spec: BackboneSpec) =>
  wrapBackbone(bytes, spec, { where: 'some.onnx', source: 'some.onnx' });

/** Vectors of the wrapped model, in batches of one and of several. */
async function wrappedVectors(bytes: Uint8Array, spec: BackboneSpec, pixels: Uint8Array): Promise<number[]> {
  const embedder = await Embedder.load(decodeModel(await wrap(bytes, spec), 'wrapped'), 'wrapped', {
    threads: 1,
  });
  const together = await embedder.embed(pixels);
  const length = spec.inputSize.height * spec.inputSize.width * 3;
  const alone = await embedder.embed(pixels.subarray(0, length));
  await embedder.release();
  expect(largestDifference(alone, together.subarray(0, embedder.dimension))).toBeLessThan(1e-6);
  return [...together];
}

/** Means over some axis, in float64. */
function meanOver(
  { dims, values }: Features,
  at: (n: number, c: number, i: number) => number,
  c: number,
  count: number,
) {
  const result = new Float64Array(dims[0]! * c);
  for (let n = 0; n < dims[0]!; n++)
    for (let d = 0; d < c; d++)
      for (let i = 0; i < count; i++) result[n * c + d]! += values[at(n, d, i)]! / count;
  return result;
}

const opsets = [11, 12, 13, 17, 18, 20, 21];

describe('a wrapped backbone gives the vectors of the bare one after reference preprocessing', () => {
  it.each(opsets)('a convolutional network with mean and deviation per colour, opset %i', async (opset) => {
    const bytes = convolutional(opset).bytes();
    const spec = specOf(12);
    const pixels = somePixels(5, 12);
    const { features } = await runBare(bytes, pixels, wants(spec));
    const expected = unit(features!.values, 6);
    expect(largestDifference(await wrappedVectors(bytes, spec, pixels), expected)).toBeLessThan(1e-5);
  });

  it('in blue, green, red', async () => {
    const bytes = convolutional().bytes();
    // As Caffe has it: no rescaling, means alone.
    const spec = specOf(12, {
      channels: 'bgr',
      rescale: 1,
      mean: [123.68, 116.779, 103.939],
      std: [1, 1, 1],
    });
    const pixels = somePixels(3, 12);
    const { features } = await runBare(bytes, pixels, wants(spec));
    const expected = unit(features!.values, 6);
    expect(largestDifference(await wrappedVectors(bytes, spec, pixels), expected)).toBeLessThan(1e-5);
    const other = await wrappedVectors(bytes, { ...spec, channels: 'rgb' }, pixels);
    expect(largestDifference(other, expected)).toBeGreaterThan(1e-3);
  });

  it.each(opsets)('the first token and the mean of the others, opset %i', async (opset) => {
    const bytes = tokens(opset).bytes();
    const spec = specOf(16);
    const pixels = somePixels(4, 16);
    const { last_hidden_state: state } = await runBare(bytes, pixels, wants(spec));
    expect(state!.dims).toEqual([4, 17, 8]);
    const at = (first: number) => (n: number, d: number, i: number) => (n * 17 + first + i) * 8 + d;
    const cls = unit(meanOver(state!, at(0), 8, 1), 8);
    const patches = unit(meanOver(state!, at(1), 8, 16), 8);
    const all = unit(meanOver(state!, at(0), 8, 17), 8);
    // 17 tokens are one more than a square: the first is the CLS token.
    for (const [expected, how] of [
      [cls, {}],
      [cls, { pooling: 'cls' }],
      [patches, { pooling: 'mean', skipTokens: 1 }],
      [all, { pooling: 'mean' }],
    ] as const)
      expect(
        largestDifference(await wrappedVectors(bytes, { ...spec, ...how }, pixels), expected),
      ).toBeLessThan(1e-5);
    expect(largestDifference(cls, patches)).toBeGreaterThan(1e-2);
  });

  it.each(opsets)('images and feature maps with channels last, in [-1, 1], opset %i', async (opset) => {
    const bytes = channelsLast(opset).bytes();
    const spec = specOf(12, half);
    const pixels = somePixels(3, 12);
    const { map } = await runBare(bytes, pixels, wants(spec, { layout: 'NHWC' }));
    const expected = unit(
      meanOver(map!, (n, c, i) => (n * 36 + i) * 5 + c, 5, 36),
      5,
    );
    expect(largestDifference(await wrappedVectors(bytes, spec, pixels), expected)).toBeLessThan(1e-5);
  });

  it('inputs and outputs of float16', async () => {
    const bytes = halfPrecision().bytes();
    const spec = specOf(8, half);
    const pixels = somePixels(6, 8);
    const { image_embeds: embeds } = await runBare(bytes, pixels, wants(spec, { half: true }));
    // The input is rounded to float16, by both alike but where float32 has rounded before.
    expect(
      largestDifference(await wrappedVectors(bytes, spec, pixels), unit(embeds!.values, 4)),
    ).toBeLessThan(1e-3);
  });

  it('an inner value that is no output, by its name', async () => {
    const model = convolutional();
    const spec = specOf(12, { output: 'map', pooling: 'map-mean' });
    const pixels = somePixels(2, 12);
    const vectors = await wrappedVectors(model.bytes(), spec, pixels);
    model.output('map', ['batch', 8, 6, 6]);
    const { map } = await runBare(model.bytes(), pixels, wants(spec));
    const expected = unit(
      meanOver(map!, (n, c, i) => (n * 8 + c) * 36 + i, 8, 36),
      8,
    );
    expect(largestDifference(vectors, expected)).toBeLessThan(1e-5);
  });

  it('what goes into the classifier', async () => {
    const model = convolutional();
    const spec = specOf(12, { output: 'penultimate' });
    const pixels = somePixels(2, 12);
    const vectors = await wrappedVectors(model.bytes(), spec, pixels);
    model.output('flat', ['batch', 8]);
    const { flat } = await runBare(model.bytes(), pixels, wants(spec));
    expect(largestDifference(vectors, unit(flat!.values, 8))).toBeLessThan(1e-5);
  });

  it('the image tower of two, without the inputs of the other', async () => {
    const bytes = twoTowers().bytes();
    const spec = specOf(16);
    const pixels = somePixels(3, 16);
    const wrapped = await wrap(bytes, spec);
    const { graph } = decodeOnnx(wrapped);
    expect(graph.input.map(({ name }) => name)).toEqual(['images']);
    expect(graph.initializer.map(({ name }) => name)).not.toContain('text.table');
    expect(graph.node.map(({ opType }) => opType)).not.toContain('MatMul');

    const session = await ort.InferenceSession.create(bytes);
    const tower = { image_embeds: null };
    const { preprocess } = await import('../../../test/fixtures/bare-backbone.js');
    const values = Float32Array.from(preprocess(pixels, wants(spec)));
    const texts = new ort.Tensor('int64', BigInt64Array.of(1n, 2n), [1, 2]);
    const feeds = {
      pixel_values: new ort.Tensor('float32', values, [3, 3, 16, 16]),
      input_ids: texts,
      // ONNX Runtime drops inputs that nothing needs.
      ...(session.inputNames.includes('attention_mask') && { attention_mask: texts }),
    };
    const { image_embeds: embeds } = await session.run(feeds, tower);
    const expected = unit(Float64Array.from(embeds!.data as Float32Array), 8);
    expect(largestDifference(await wrappedVectors(bytes, spec, pixels), expected)).toBeLessThan(1e-5);
  });

  it('whatever its values are called', async () => {
    const model = new Foreign(17);
    const x = model.input('images', ['N', 3, 8, 8]);
    const map = model.add(
      'Conv',
      [x, model.weight('imagekin/before/constant_0', [4, 3, 3, 3])],
      'imagekin/after/Cast_0',
    );
    model.add('Flatten', [model.add('GlobalAveragePool', [map], 'pooled')], 'embeddings', { axis: 1 });
    model.output('embeddings', ['N', 4]);
    const bytes = model.bytes();
    const spec = specOf(8);
    const pixels = somePixels(3, 8);
    const { embeddings } = await runBare(bytes, pixels, wants(spec));
    expect(
      largestDifference(await wrappedVectors(bytes, spec, pixels), unit(embeddings!.values, 4)),
    ).toBeLessThan(1e-5);
  });
});

describe('wrapBackbone', () => {
  it('gives a model file that says how it was made, and the same bytes for the same arguments', async () => {
    const spec = specOf(12, {
      license: 'Apache-2.0',
      resize: { fit: 'cover', filter: 'bicubic', shorterSide: 14 },
    });
    const bytes = await wrap(convolutional().bytes(), spec);
    expect(Buffer.compare(bytes, await wrap(convolutional().bytes(), spec))).toBe(0);
    expect(Buffer.compare(bytes, await wrap(convolutional().bytes(), specOf(12)))).not.toBe(0);
    const model = decodeModel(bytes, 'wrapped');
    expect(model.resize).toEqual(spec.resize);
    expect(model.dimension).toBe(6);
    expect(model.inputSize).toEqual({ width: 12, height: 12 });
    expect(model.metadata).toMatchObject({
      recipe: {
        name: 'backbone',
        source: 'some.onnx',
        license: 'Apache-2.0',
        output: 'features',
        pooling: 'pooled',
        ...imageNet,
      },
      seed: null,
      data: null,
      training: { lossByEpoch: [] },
    });
  });

  it('gives features as the model has them, where they are not to be of unit length', async () => {
    const bytes = convolutional().bytes();
    const spec = specOf(12);
    const pixels = somePixels(3, 12);
    const wrapped = await wrapBackbone(bytes, spec, { where: 'w', source: 'w', normalize: false });
    const embedder = await Embedder.load(decodeModel(wrapped, 'w'), 'w');
    const { features } = await runBare(bytes, pixels, wants(spec));
    expect(largestDifference(await embedder.embed(pixels), features!.values)).toBeLessThan(1e-5);
    await embedder.release();
  });

  it('uses standard ONNX alone, in the version that the model is in', async () => {
    for (const opset of [11, 17, 20]) {
      const { opsetImport, graph } = decodeOnnx(await wrap(convolutional(opset).bytes(), specOf(12)));
      expect(opsetImport).toEqual([{ domain: '', version: opset }]);
      expect(new Set(graph.node.map(({ domain }) => domain))).toEqual(new Set(['']));
    }
  });

  it('gives a row of zeros no direction, and divides by no zero', async () => {
    const model = new Foreign(17);
    const x = model.input('pixel_values', ['N', 3, 4, 4]);
    model.add('Flatten', [model.add('GlobalAveragePool', [x], 'mean')], 'features', { axis: 1 });
    model.output('features', ['N', 3]);
    const spec = specOf(4, { mean: [0, 0, 0], std: [1, 1, 1] });
    const embedder = await Embedder.load(decodeModel(await wrap(model.bytes(), spec), 'w'), 'w');
    expect([...(await embedder.embed(new Uint8Array(48)))]).toEqual([0, 0, 0]);
    await embedder.release();
  });

  it('takes a model exported for one image, where it works for several', async () => {
    const bytes = convolutional(17, { batch: 1 }).bytes();
    const spec = specOf(12);
    const pixels = somePixels(3, 12);
    const vectors = await wrappedVectors(bytes, spec, pixels);
    const { features } = await runBare(bytes, pixels.subarray(0, 432), wants(spec));
    expect(largestDifference(vectors.slice(0, 6), unit(features!.values, 6))).toBeLessThan(1e-5);
  });

  it('opens reshapes that were written for one image', async () => {
    const bytes = fixedReshapes().bytes();
    const spec = specOf(12);
    const pixels = somePixels(3, 12);
    const vectors = await wrappedVectors(bytes, spec, pixels);
    for (const image of [0, 1, 2]) {
      const alone = pixels.subarray(image * 432, (image + 1) * 432);
      const { features } = await runBare(bytes, alone, wants(spec));
      const found = vectors.slice(image * 12, (image + 1) * 12);
      expect(largestDifference(found, unit(features!.values, 12))).toBeLessThan(1e-5);
    }
  });

  it.each([
    [
      'a model that works for one image alone',
      fixedToken(),
      {},
      /exported for 1.*export it with a dynamic batch axis/,
    ],
    [
      'a model that mixes several images up',
      mixing(),
      {},
      /which mixes up several; export it with a dynamic batch axis/,
    ],
    [
      'an output that needs the texts',
      twoTowers(),
      { output: 'logits_per_image' },
      /one input, which takes images, got input_ids \[text_batch, sequence\], pixel_values .*--output/,
    ],
    [
      'an output that is not there',
      convolutional(),
      { output: 'pooler_output' },
      /'pooler_output', got outputs features/,
    ],
    [
      'a pooling that does not fit',
      convolutional(),
      { pooling: 'cls' as const },
      /that 'cls' fits, got 'features' \[N, 6\].*--pooling \(pooled\)/,
    ],
    [
      'another size than it was exported for',
      convolutional(17, { side: 16 }),
      {},
      /images of 16×16.*got an input size of 12×12.*--input-size 16x16/,
    ],
    ['grey images', grey(), {}, /images of 3 channels, got pixel_values \[N, 1, 12, 12\]/],
    ['an old set of operations', convolutional(7), {}, /operation set 8 or later, got 7/],
  ] as [string, ForeignModel, Partial<BackboneSpec>, RegExp][])(
    'refuses %s',
    async (_, model, how, message) => {
      const refused = wrap(model.bytes(), specOf(12, how));
      await expect(refused).rejects.toMatchObject({
        code: 'backbone-unsuitable',
        message: expect.stringMatching(message),
      });
    },
  );

  it('refuses what is no ONNX file, and one that is cut off', async () => {
    for (const bytes of [Buffer.from('not a model'), convolutional().bytes().subarray(0, 900)])
      await expect(wrap(bytes, specOf(12))).rejects.toMatchObject({ code: 'backbone-unsuitable' });
  });
});

describe('weights in another file', () => {
  it('are brought in, and the vectors are the same', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'imagekin-test-'));
    try {
      const spec = specOf(12);
      const inside = convolutional();
      const whole = await wrapBackbone(inside.bytes(), spec, { where: 'm', source: 'm' });
      const { bytes, data } = withExternalData(inside, 'model.onnx_data');
      await writeFile(join(directory, 'model.onnx_data'), data);
      const options = { where: 'm', source: 'm', directory };
      const joined = await wrapBackbone(bytes, spec, options);
      const [a, b] = await Promise.all(
        [whole, joined].map(async (file) => {
          const embedder = await Embedder.load(decodeModel(file, 'm'), 'm');
          const vectors = await embedder.embed(somePixels(2, 12));
          await embedder.release();
          return vectors;
        }),
      );
      expect(b).toEqual(a);

      await writeFile(join(directory, 'model.onnx_data'), data.subarray(0, data.length - 4));
      await expect(wrapBackbone(bytes, spec, options)).rejects.toThrow(/it ends before the weight/);
      await rm(join(directory, 'model.onnx_data'));
      await expect(wrapBackbone(bytes, spec, options)).rejects.toThrow(/ENOENT.*beside the model/);
      const outside = withExternalData(inside, '../elsewhere').bytes;
      await expect(wrapBackbone(outside, spec, options)).rejects.toThrow(/outside of the folder/);
    } finally {
      await rm(directory, { recursive: true });
    }
  });
});

const mobileNet = realData('models', 'mobilenetv2-0.35-224.onnx');

describe.skipIf(mobileNet.absent)('MobileNetV2, wrapped', () => {
  it('gives the vectors of the bare model to 1e-4', async () => {
    const bytes = await readFile(mobileNet.path);
    const spec = specOf(224, half);
    const pixels = somePixels(2, 224);
    const { features } = await runBare(bytes, pixels, wants(spec));
    const vectors = await wrappedVectors(bytes, spec, pixels);
    expect(largestDifference(vectors, unit(features!.values, 1280))).toBeLessThan(1e-4);
  });
});

/** Puts one constant token, of one image, before the others. */
function fixedToken(): ForeignModel {
  const model = new Foreign(17);
  const x = model.input('pixel_values', [1, 3, 12, 12]);
  const rows = model.add('Flatten', [x], 'rows', { axis: 1 });
  const joined = model.add('Concat', [model.weight('token', [1, 4]), rows], 'joined', { axis: 1 });
  model.add('MatMul', [joined, model.weight('w', [436, 4])], 'features');
  model.output('features', [1, 4]);
  return model;
}

/** Reshapes to one image, whatever comes, as exporters write where the batch is not dynamic. */
function fixedReshapes(): ForeignModel {
  const model = new Foreign(17);
  const x = model.input('pixel_values', [1, 3, 12, 12]);
  const rows = model.add('Reshape', [x, model.integers('shape', [1, 3, 144])], 'rows');
  const mixed = model.add('MatMul', [rows, model.weight('w', [144, 4])], 'mixed');
  model.add('Reshape', [mixed, model.constantNode('flat', [1, -1])], 'features');
  model.output('features', [1, 12]);
  return model;
}

/** Takes the mean over the batch away, as a network left in training mode would. */
function mixing(): ForeignModel {
  const model = new Foreign(17);
  const x = model.input('pixel_values', [1, 3, 12, 12]);
  const flat = model.add('Flatten', [x], 'flat', { axis: 1 });
  const mean = model.add('ReduceMean', [flat], 'mean', { axes: [0], keepdims: 1 });
  const rest = model.add('Add', [flat, mean], 'rest');
  model.add('MatMul', [rest, model.weight('w', [432, 4])], 'features');
  model.output('features', [1, 4]);
  return model;
}

function grey(): ForeignModel {
  const model = new Foreign(17);
  const x = model.input('pixel_values', ['N', 1, 12, 12]);
  model.add('Flatten', [x], 'features', { axis: 1 });
  model.output('features', ['N', 144]);
  return model;
}

/** The model with its weights moved into one other file: fields 13 and 14 of a tensor, in the place of its raw data. */
function withExternalData(model: ForeignModel, location: string): { bytes: Uint8Array; data: Uint8Array } {
  const field = (number: number, payload: Uint8Array) =>
    Buffer.concat([Buffer.from([number * 8 + 2, payload.length]), payload]);
  const entry = (key: string, value: string) =>
    field(13, Buffer.concat([field(1, Buffer.from(key)), field(2, Buffer.from(value))]));
  let data: Uint8Array = new Uint8Array();
  const whole = Buffer.from(model.bytes());
  const { graph } = decodeOnnx(whole);
  const messages = graph.initializer.map(({ name, dims, dataType, rawData }) => {
    const offset = data.length;
    data = Buffer.concat([data, rawData]);
    return Buffer.concat([
      ...dims.map((d) => Buffer.from([8, d])),
      Buffer.from([16, dataType]),
      field(8, Buffer.from(name)),
      entry('location', location),
      entry('offset', String(offset)),
      entry('length', String(rawData.length)),
      Buffer.from([14 * 8, 1]),
    ]);
  });
  const without = new Foreign(model.opset);
  without.nodes.push(...model.nodes);
  without.inputs.push(...model.inputs);
  without.outputs.push(...model.outputs);
  const bytes = Buffer.from(without.bytes());
  return { bytes: insertIntoGraph(bytes, messages), data };
}

/** Adds initializers to the graph (field 7) of a model. */
function insertIntoGraph(bytes: Buffer, messages: readonly Buffer[]): Uint8Array {
  const varint = (value: number): number[] =>
    value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))];
  const field = (number: number, payload: Buffer) =>
    Buffer.concat([Buffer.from([number * 8 + 2, ...varint(payload.length)]), payload]);
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const tag = bytes[at]!;
    let [length, shift, body] = [0, 0, at + 1];
    for (; ; shift += 7) {
      const byte = bytes[body++]!;
      length += (byte & 127) << shift;
      if (byte < 128) break;
    }
    const end = tag % 8 === 2 ? body + length : body;
    parts.push(
      tag === 7 * 8 + 2
        ? field(
            7,
            Buffer.concat([bytes.subarray(body, end), ...messages.map((message) => field(5, message))]),
          )
        : bytes.subarray(at, end),
    );
    at = end;
  }
  return Buffer.concat(parts);
}
