import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../../test/fixtures/temporary-directory.js';
import { tinyImages } from '../../test/fixtures/tiny-images.js';
import { tinyMetadata, tinyModel, tinyTrained } from '../../test/fixtures/tiny-model.js';
import { expectClose } from '../../test/oracle/expect-close.js';
import { interpret } from '../../test/oracle/interpreter.js';
import { naiveArray } from '../../test/oracle/naive-array.js';
import { parameterValues } from '../../test/oracle/parameter-values.js';
import type { ImagekinError } from '../core/errors.js';
import { packageVersion } from '../core/package-version.js';
import { decodeOnnx } from '../engine/index.js';
import { encodeOnnx, onnxModel, onnxValueInfo } from '../engine/onnx-model.js';
import { buildEmbeddingGraph } from '../learning/embedding-graph.js';
import { seed } from '../learning/models/index.js';
import { decodeModel, readModelFile, resizeRule, withCalibration } from './model-file.js';

const bytes = tinyModel();

/** What a reader makes of bytes that it refuses. */
function refusalOf(damaged: Uint8Array): ImagekinError {
  try {
    decodeModel(damaged, 'some.onnx');
  } catch (error) {
    return error as ImagekinError;
  }
  throw new Error('the bytes were read');
}

/** The file with one of its metadata entries changed, the rest as it was. */
function withEntry(key: string, value: string): Uint8Array {
  const model = decodeOnnx(bytes);
  const metadataProps = model.metadataProps.map((entry) => (entry.key === key ? { key, value } : entry));
  return encodeOnnx({ ...model, metadataProps });
}

describe('a model file', () => {
  it('gives back what made it', () => {
    const model = decodeModel(bytes, 'some.onnx');
    expect(model.metadata).toEqual(tinyMetadata);
    expect(model.inputSize).toEqual({ width: 8, height: 8 });
    expect(model.dimension).toBe(4);
    expect(model.packageVersion).toBe(packageVersion);
    expect(model.bytes).toBe(bytes);
  });

  it('tells width from height', () => {
    const network = seed({ inputSize: { width: 19, height: 16 }, dimension: 3 });
    const { parameters } = buildEmbeddingGraph(network, { training: false, batchSize: 'N' });
    const trained = {
      network,
      parameters: new Float32Array(parameters.length),
      states: new Float32Array(0),
    };
    const { inputSize } = decodeModel(tinyModel(trained), 'some.onnx');
    expect(inputSize).toEqual({ width: 19, height: 16 });
  });

  it('has the SHA-256 of its bytes as its id', () => {
    const { id } = decodeModel(bytes, 'some.onnx');
    expect(id).toBe(createHash('sha256').update(bytes).digest('hex'));
  });

  it('is the same, byte for byte, for the same network and metadata', () => {
    expect(Buffer.compare(tinyModel(), bytes)).toBe(0);
    expect(decodeModel(tinyModel(tinyTrained(2)), 'a').id).not.toBe(decodeModel(bytes, 'b').id);
  });

  it('is standard ONNX: one input, one output, no operation of a domain of its own', () => {
    const { graph, opsetImport, metadataProps } = decodeOnnx(bytes);
    expect(new Set(graph.node.map(({ domain }) => domain))).toEqual(new Set(['']));
    expect(opsetImport.map(({ domain }) => domain)).toEqual(['']);
    expect(graph.input.map(({ name }) => name)).toEqual(['images']);
    expect(graph.output.map(({ name }) => name)).toEqual(['embeddings']);
    for (const { key, value } of metadataProps) {
      expect(key).toMatch(/^imagekin\./);
      expect(() => JSON.parse(value)).not.toThrow();
    }
    expect(metadataProps).toContainEqual({ key: 'imagekin.resize', value: JSON.stringify(resizeRule) });
  });

  it('gives the unit vectors of the oracle in plain ONNX Runtime, from raw pixels, for any number of images', async () => {
    const trained = tinyTrained();
    const graph = buildEmbeddingGraph(trained.network, { training: false, batchSize: 'N' });
    const images = tinyImages({ classes: 4, perClass: 2 });
    const session = await ort.InferenceSession.create(bytes);
    expect(session.inputNames).toEqual(['images']);
    expect(session.outputNames).toEqual(['embeddings']);
    for (const count of [1, 3, 8]) {
      const pixels = await images.pixels([...Array(count).keys()], { width: 8, height: 8 });
      const { embeddings } = await session.run({
        images: new ort.Tensor('uint8', pixels, [count, 8, 8, 3]),
      });
      expect(embeddings.dims).toEqual([count, 4]);
      const [expected] = interpret([graph.embeddings], {
        images: naiveArray([count, 8, 8, 3], pixels),
        ...parameterValues(graph.parameters, trained.parameters),
        ...parameterValues(graph.states, trained.states),
      });
      const vectors = embeddings.data as Float32Array;
      expectClose('embeddings', vectors, expected.values, 1e-5);
      for (let row = 0; row < count; row++)
        expect(Math.hypot(...vectors.subarray(row * 4, row * 4 + 4))).toBeCloseTo(1, 5);
    }
    await session.release();
  });
});

describe('a calibrated model file', () => {
  const calibration = { format: 1, map: { method: 'logistic', slope: 3.25, intercept: -1 / 3 }, Ärmel: '靴' };
  const model = decodeModel(bytes, 'some.onnx');
  const calibrated = withCalibration(model, calibration);

  it('gives back its calibration, and has none without one', () => {
    expect(decodeModel(calibrated, 'some.onnx').calibration).toEqual(calibration);
    expect(model.calibration).toBeUndefined();
  });

  it('begins with the file as it was, and has its id', () => {
    expect(Buffer.compare(calibrated.subarray(0, bytes.length), bytes)).toBe(0);
    const { bytes: whole, calibration: _, ...rest } = decodeModel(calibrated, 'some.onnx');
    const { bytes: __, calibration: ___, ...before } = model;
    expect(rest).toEqual(before);
    expect(whole).toBe(calibrated);
  });

  it('has the new calibration in the place of the old where it is calibrated again', () => {
    const again = withCalibration(decodeModel(calibrated, 'some.onnx'), { format: 1, other: true });
    expect(decodeModel(again, 'some.onnx').calibration).toEqual({ format: 1, other: true });
    expect(Buffer.compare(again, withCalibration(model, { format: 1, other: true }))).toBe(0);
  });

  it('is plain ONNX that gives the same vectors', async () => {
    const pixels = new Uint8Array(8 * 8 * 3).map((_, i) => i);
    const vectors: Float32Array[] = [];
    for (const file of [bytes, calibrated]) {
      const session = await ort.InferenceSession.create(file);
      const { embeddings } = await session.run({ images: new ort.Tensor('uint8', pixels, [1, 8, 8, 3]) });
      vectors.push(embeddings.data as Float32Array);
      await session.release();
    }
    expect(vectors[1]).toEqual(vectors[0]);
  });

  it('is refused where any byte of its calibration is another, or missing', () => {
    for (let offset = bytes.length; offset < calibrated.length; offset++) {
      const changed = Buffer.from(calibrated);
      changed[offset] ^= 0x01;
      expect(refusalOf(changed).code, `byte ${offset}`).toBe('model-damaged');
    }
    // Cut off to where it begins, it is the model without one.
    for (let length = bytes.length + 1; length < calibrated.length; length++)
      expect(refusalOf(calibrated.subarray(0, length)).code, `${length} bytes`).toBe('model-damaged');
  });

  it("is refused with another model's calibration", () => {
    const other = tinyModel(tinyTrained(2));
    const moved = Buffer.concat([other, calibrated.subarray(bytes.length)]);
    expect(refusalOf(moved).code).toBe('model-damaged');
  });
});

describe('reading a model file', () => {
  it.each([
    ['an empty file', new Uint8Array(0), /got an empty file/],
    ['a text', Buffer.from('loss by epoch\n2.27\n'), /got another kind of file/],
    ['a PNG file', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), /got another kind of file/],
    ['zeros', new Uint8Array(5000), /got another kind of file/],
  ])('refuses %s as none of ours', (_, content, message) => {
    const error = refusalOf(content);
    expect(error.code).toBe('model-foreign');
    expect(error.message).toMatch(message);
  });

  it("refuses another program's ONNX file as none of ours", () => {
    const graph = {
      name: 'torch',
      node: [
        { name: 'n', opType: 'Relu', domain: '', input: ['images'], output: ['embeddings'], attribute: [] },
      ],
      initializer: [],
      input: [onnxValueInfo('images', 'float32', ['N', 3, 8, 8])],
      output: [onnxValueInfo('embeddings', 'float32', ['N', 4])],
    };
    const error = refusalOf(encodeOnnx({ ...onnxModel(graph, '2.0', {}), producerName: 'pytorch' }));
    expect(error.code).toBe('model-foreign');
    expect(error.message).toMatch(/^some\.onnx: .*an ONNX file that it did not write/);
  });

  it('refuses a file of a later format, naming both versions and the way out', () => {
    const error = refusalOf(withEntry('imagekin.format', '2'));
    expect(error.code).toBe('model-foreign');
    expect(error.message).toMatch(/format 2; this version reads 1; update imagekin/);
  });

  it('refuses a file that is cut off, wherever that is', () => {
    for (let length = 16; length < bytes.length; length += 7)
      expect(refusalOf(bytes.subarray(0, length)).code, `${length} bytes`).toBe('model-damaged');
    // What is left of so few bytes says no more whose they were.
    for (let length = 0; length < 16; length++)
      expect(refusalOf(bytes.subarray(0, length)).code).toMatch(/^model-(damaged|foreign)$/);
    for (let length = bytes.length - 40; length < bytes.length; length++)
      expect(refusalOf(bytes.subarray(0, length)).code, `${length} bytes`).toBe('model-damaged');
  });

  it('refuses a file cut off between two of its parts, where what is left is well-formed', () => {
    const model = decodeOnnx(bytes);
    for (const kept of [0, 1, 2, 3, 4, 5]) {
      const cut = encodeOnnx({ ...model, metadataProps: model.metadataProps.slice(0, kept) });
      expect(refusalOf(cut).code, `${kept} entries`).toBe('model-damaged');
    }
  });

  it('reads or refuses a file with any byte changed, in one line, and falls over none', () => {
    const codes = new Set<string>();
    for (let offset = 0; offset < bytes.length; offset += offset < 64 ? 1 : 5) {
      const changed = Buffer.from(bytes);
      changed[offset] ^= 0x04;
      try {
        decodeModel(changed, 'some.onnx');
      } catch (error) {
        const { name, code, message } = error as ImagekinError;
        expect(name, `byte ${offset}: ${message}`).toBe('ImagekinError');
        expect(message).not.toContain('\n');
        codes.add(code);
      }
    }
    expect([...codes].sort()).toEqual(['model-damaged', 'model-foreign']);
  });

  it.each(['imagekin.recipe', 'imagekin.seed', 'imagekin.data', 'imagekin.training'])(
    'refuses a file whose entry %s is not JSON',
    (key) => {
      const error = refusalOf(withEntry(key, '{"name":'));
      expect(error.code).toBe('model-damaged');
      expect(error.message).not.toContain('\n');
    },
  );

  it('says that there is no such file, and how to make one', async () => {
    const path = join(await temporaryDirectory(), 'none.onnx');
    await expect(readModelFile(path)).rejects.toEqual(
      expect.objectContaining({
        code: 'file-not-found',
        message: `${path}: expected a model file, got nothing there; check the path, or make one with: imagekin train <source> -o model.onnx`,
      }),
    );
  });

  it('says of a directory what it is', async () => {
    const path = join(await temporaryDirectory(), 'directory.onnx');
    await mkdir(path);
    await expect(readModelFile(path)).rejects.toEqual(
      expect.objectContaining({
        code: 'file-not-found',
        message: expect.stringMatching(/^[^\n]*EISDIR[^\n]*$/),
      }),
    );
  });

  it('reads from disk what was written', async () => {
    const path = join(await temporaryDirectory(), 'model.onnx');
    await writeFile(path, bytes);
    const { bytes: read, ...model } = await readModelFile(path);
    const { bytes: _, ...expected } = decodeModel(bytes, path);
    expect(model).toEqual(expected);
    expect(Buffer.compare(read, bytes)).toBe(0);
  });
});
