import fc from 'fast-check';
import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { emitGraph } from './emit.js';
import {
  decodeOnnx,
  encodeMetadata,
  encodeOnnx,
  type OnnxModel,
  onnxAttribute,
  onnxModel,
  onnxTensor,
  onnxValueInfo,
} from './onnx-model.js';
import { constant } from './ops/constant.js';
import { conv2d } from './ops/conv2d/conv2d.js';
import { input } from './ops/input.js';
import { l2Normalize } from './ops/l2-normalize.js';
import { matmul } from './ops/matmul.js';
import { maxPool } from './ops/max-pool.js';
import { reshape } from './ops/reshape.js';
import { step } from './ops/step.js';

/** A graph with integer, list, text and float attributes, constants of two types and a named axis. */
function portableFile(): Uint8Array {
  const images = input('images', 'float32', ['N', 4, 4, 1]);
  const convolved = conv2d(images, constant([1, 2, 3, 4, 5, 6, 7, 8], [2, 2, 1, 2]), {
    layout: 'NHWC',
    padding: 1,
  });
  const pooled = maxPool(step(convolved), { layout: 'NHWC', size: 5 });
  const dense = matmul(reshape(pooled, ['N', 2]), constant([1, 2, 3, 4, 5, 6], [2, 3]));
  return emitGraph({
    outputs: { embeddings: l2Normalize(dense) },
    target: 'portable',
    metadata: { recipe: 'keras-example' },
  });
}

describe('encodeOnnx', () => {
  it('gives back the bytes of what decodeOnnx read', () => {
    const file = portableFile();
    expect(Buffer.from(encodeOnnx(decodeOnnx(file))).equals(file)).toBe(true);
  });
  it('keeps metadata of any text', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' })),
        (metadata) => {
          const graph = { name: 'g', node: [], initializer: [], input: [], output: [] };
          const { metadataProps } = decodeOnnx(encodeOnnx(onnxModel(graph, '1.2.3', metadata)));
          expect(metadataProps).toEqual(Object.entries(metadata).map(([key, value]) => ({ key, value })));
        },
      ),
    );
  });
  it('writes files that plain ONNX Runtime loads and runs', async () => {
    const session = await ort.InferenceSession.create(portableFile());
    expect(session.inputNames).toEqual(['images']);
    expect(session.outputNames).toEqual(['embeddings']);
    const images = new ort.Tensor('float32', new Float32Array(3 * 16).fill(1), [3, 4, 4, 1]);
    const { embeddings } = await session.run({ images });
    expect(embeddings.dims).toEqual([3, 3]);
    // Both channels are 1 after step and pooling, so a row is (1 + 4, 2 + 5, 3 + 6) scaled to unit length.
    const length = Math.hypot(5, 7, 9);
    for (const [i, value] of (embeddings.data as Float32Array).entries()) {
      expect(value).toBeCloseTo([5, 7, 9][i % 3] / length, 6);
    }
    await session.release();
  });
});

describe('decodeOnnx', () => {
  it.each([
    { title: 'text', bytes: new TextEncoder().encode('no protocol buffer at all') },
    { title: 'the first half of a file', bytes: portableFile().slice(0, 400) },
  ])('refuses $title', ({ bytes }) => {
    expect(() => decodeOnnx(bytes)).toThrow();
  });
  it('reads an empty file as a model without a graph', () => {
    const { graph, metadataProps } = decodeOnnx(new Uint8Array(0));
    expect(graph ?? null).toBeNull();
    expect(metadataProps).toEqual([]);
  });
});

describe('onnxModel', () => {
  const modelOf = (domain: string): OnnxModel =>
    onnxModel(
      {
        name: 'g',
        node: [{ name: 'n', opType: 'QuickGelu', domain, input: ['x'], output: ['y'], attribute: [] }],
        initializer: [],
        input: [],
        output: [],
      },
      '1.2.3',
      {},
    );
  it("declares ONNX Runtime's own operations only where there are some", () => {
    expect(modelOf('').opsetImport.map(({ domain }) => domain)).toEqual(['']);
    expect(modelOf('com.microsoft').opsetImport.map(({ domain }) => domain)).toEqual(['', 'com.microsoft']);
  });
});

describe('onnxAttribute', () => {
  it('tells integers, floats, texts and lists apart', () => {
    expect(onnxAttribute('axis', 0)).toEqual({ name: 'axis', type: 2, i: 0 });
    expect(onnxAttribute('alpha', { float: 0 })).toEqual({ name: 'alpha', type: 1, f: 0 });
    expect(onnxAttribute('mode', 'nearest')).toMatchObject({ name: 'mode', type: 3 });
    expect(onnxAttribute('axes', [0, 2])).toEqual({ name: 'axes', type: 7, ints: [0, 2] });
  });
});

describe('encodeMetadata', () => {
  it('puts entries behind a file whose bytes stay as they are', async () => {
    const file = portableFile();
    const longer = Buffer.concat([file, encodeMetadata({ scores: '靴', more: '' })]);
    const { metadataProps, ...rest } = decodeOnnx(longer);
    const { metadataProps: before, ...restBefore } = decodeOnnx(file);
    expect(metadataProps).toEqual([...before, { key: 'scores', value: '靴' }, { key: 'more', value: '' }]);
    expect(rest).toEqual(restBefore);
    const session = await ort.InferenceSession.create(longer);
    expect(session.outputNames).toEqual(['embeddings']);
    await session.release();
  });

  it('is nothing of no entries', () => {
    expect(encodeMetadata({})).toHaveLength(0);
  });
});

describe('onnxTensor', () => {
  it('holds little-endian elements of its type', () => {
    expect([...onnxTensor('f', 'float32', [1], [1]).rawData]).toEqual([0, 0, 128, 63]);
    expect([...onnxTensor('i', 'int64', [1], [-2]).rawData]).toEqual([
      254, 255, 255, 255, 255, 255, 255, 255,
    ]);
    expect([...onnxTensor('u', 'uint8', [2], [0, 255]).rawData]).toEqual([0, 255]);
    expect([...onnxTensor('b', 'bool', [2], [1, 0]).rawData]).toEqual([1, 0]);
  });
  it('holds elements of a part of a larger array alone', () => {
    const part = Float32Array.of(1, 2, 3).subarray(1, 2);
    expect(onnxTensor('f', 'float32', [1], part).rawData.length).toBe(4);
  });
});

describe('onnxValueInfo', () => {
  it('tells named axes from fixed ones', () => {
    expect(onnxValueInfo('x', 'uint8', ['N', 0, 3]).type.tensorType).toEqual({
      elemType: 2,
      shape: { dim: [{ dimParam: 'N' }, { dimValue: 0 }, { dimValue: 3 }] },
    });
  });
});
