import { describe, expect, it } from 'vitest';
import { onnxTensor } from '../onnx-model.js';
import { type FileConstant, fileConstants, floatsOf, integersAttribute, integersOf } from './file-tensor.js';
import { type FileNode, fileInitializer, fileNode, type OnnxFile } from './onnx-file.js';
import { bytesField, joinRope, type Rope, varintField } from './wire.js';

const floats = [1.5, -0.1, 3e-30].map(Math.fround);
const floatBytes = new Uint8Array(Float32Array.from(floats).buffer);
/** −1 in two's complement: ten bytes. */
const minusOne = [...Array<number>(9).fill(255), 1];

function constant(message: Rope, elemType: number): FileConstant {
  return { dims: [], elemType, message: joinRope(message) };
}

function fileOf(parts: Partial<OnnxFile>): OnnxFile {
  const none = { nodes: [], initializers: [], inputs: [], outputs: [], values: [], functions: [] };
  return { irVersion: 8, opsets: new Map([['', 17]]), ...none, ...parts };
}

describe('the values of a constant', () => {
  it.each<[string, Rope]>([
    ['raw bytes', bytesField(9, floatBytes)],
    ['a packed list', bytesField(4, floatBytes)],
    // The tag says field 4, four bytes.
    ['a field each', [0, 4, 8].map((at) => Uint8Array.of(4 * 8 + 5, ...floatBytes.subarray(at, at + 4)))],
  ])('are floats from %s', (_, message) => {
    expect([...floatsOf(constant(message, 1))!]).toEqual(floats);
  });

  it.each<[string, Rope]>([
    ['raw bytes', bytesField(9, new Uint8Array(BigInt64Array.of(-1n, 300n).buffer))],
    ['a packed list', bytesField(7, Uint8Array.from([...minusOne, 0xac, 2]))],
    ['a field each', [Uint8Array.from([7 * 8, ...minusOne]), varintField(7, 300)]],
  ])('are integers from %s', (_, message) => {
    expect(integersOf(constant(message, 7))).toEqual([-1, 300]);
  });

  it('are not those of another type', () => {
    expect(floatsOf(constant(bytesField(9, floatBytes), 10))).toBeUndefined();
    expect(integersOf(constant(bytesField(9, floatBytes), 6))).toBeUndefined();
  });
});

describe('the constants of a file', () => {
  it('are its weights and what its constant nodes give, with their shapes', () => {
    const written = fileInitializer(onnxTensor('w', 'float32', [2, 1, 3], Array(6).fill(1)));
    const value = joinRope(fileInitializer(onnxTensor('', 'int64', [1], [4])).message);
    const node: FileNode = {
      opType: 'Constant',
      domain: '',
      inputs: [],
      outputs: ['c'],
      captured: [],
      message: bytesField(5, [bytesField(1, 'value'), bytesField(5, value)]),
    };
    const constants = fileConstants(
      fileOf({ nodes: [node], initializers: [written, { ...written, name: 'far', external: true }] }),
    );
    expect([...constants.keys()]).toEqual(['w', 'c']);
    expect(constants.get('w')!.dims).toEqual([2, 1, 3]);
    expect(integersOf(constants.get('c')!)).toEqual([4]);
  });
});

it('a list of integers of a node may be below nothing', () => {
  const attribute = [{ name: 'axes', type: 7, ints: [2, -1] }];
  const node = fileNode({ name: '', opType: 'ReduceMean', domain: '', input: [], output: [], attribute });
  expect(integersAttribute(node, 'axes')).toEqual([2, -1]);
  expect(integersAttribute(node, 'keepdims')).toBeUndefined();
});
