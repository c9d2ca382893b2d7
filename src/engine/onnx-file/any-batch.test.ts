import { describe, expect, it } from 'vitest';
import { decodeOnnx } from '../onnx-model.js';
import { forAnyBatch } from './any-batch.js';
import { type FileInitializer, fileNode, type OnnxFile, writeOnnxFile } from './onnx-file.js';
import { bytesField, varintField } from './wire.js';

/** A tensor of integers as a list of varints, as some exporters write it: 64 bits in two's complement. */
function listed(name: string, values: readonly number[]): FileInitializer {
  const bytes = values.flatMap((value) => {
    const groups: number[] = [];
    let rest = BigInt.asUintN(64, BigInt(value));
    for (; rest >= 128n; rest >>= 7n) groups.push(Number(rest & 127n) + 128);
    return [...groups, Number(rest)];
  });
  const message = [
    varintField(1, values.length),
    varintField(2, 7),
    bytesField(7, Uint8Array.from(bytes)),
    bytesField(8, name),
  ];
  return { name, external: false, message };
}

function reshaped(values: readonly number[]): number[] {
  const file: OnnxFile = {
    irVersion: 8,
    opsets: new Map([['', 17]]),
    nodes: [
      fileNode({
        name: 'r',
        opType: 'Reshape',
        domain: '',
        input: ['x', 'shape'],
        output: ['y'],
        attribute: [],
      }),
    ],
    initializers: [listed('shape', values)],
    inputs: [],
    outputs: [],
    values: [],
    functions: [],
  };
  const { graph } = decodeOnnx(writeOnnxFile(forAnyBatch(file, 'p/'), {}));
  const { rawData } = graph.initializer.find(({ name }) => name === graph.node[0]!.input[1])!;
  return Array.from(new BigInt64Array(Uint8Array.from(rawData).buffer), Number);
}

describe('a reshape that was written for one image', () => {
  it.each([
    ['leaves its first axis open', [1, 197, 300], [-1, 197, 300]],
    ['takes the first axis over where another is open', [1, -1, 64], [0, -1, 64]],
  ])('%s', (_, values, expected) => {
    expect(reshaped(values)).toEqual(expected);
  });

  it.each([[[2, 3]], [[-1, 3]], [[0, 3]], [[1]]])('is left as it is with the shape %j', (values) => {
    const { length } = reshaped(values);
    // Its own constant, which has no raw data.
    expect(length).toBe(0);
  });
});
