import type { FileInitializer, FileNode, OnnxFile } from './onnx-file.js';
import { elementType } from './portable-nodes.js';
import { type Field, fieldsOf, joinRope } from './wire.js';

/** A constant of a file, its values not looked at yet. */
export interface FileConstant {
  readonly dims: readonly number[];
  readonly elemType: number;
  readonly message: Uint8Array;
}

const tensor = { dims: 1, dataType: 2, floatData: 4, int64Data: 7, rawData: 9 };
const attribute = { name: 1, i: 3, t: 5, ints: 8 };
const nodeAttribute = 5;

/** The constants of a file by their names: weights that stand in it, and what `Constant` nodes give. */
export function fileConstants(file: OnnxFile): ReadonlyMap<string, FileConstant> {
  const constants = new Map<string, FileConstant>();
  for (const initializer of file.initializers)
    if (!initializer.external) constants.set(initializer.name, constantOf(initializer));
  for (const node of file.nodes) {
    if (node.opType !== 'Constant' || node.domain !== '') continue;
    const value = attributeField(node, 'value', attribute.t);
    if (value) constants.set(node.outputs[0]!, constantOf({ message: value.payload }));
  }
  return constants;
}

function constantOf({ message: rope }: Pick<FileInitializer, 'message'>): FileConstant {
  const message = joinRope(rope);
  const fields = fieldsOf(message);
  return {
    dims: integers(fields, tensor.dims),
    elemType: fields.find(({ number }) => number === tensor.dataType)?.value ?? 0,
    message,
  };
}

/** Values of a constant of 32-bit floats; `undefined` of another. */
export function floatsOf({ message, elemType }: FileConstant): Float32Array | undefined {
  if (elemType !== elementType.float32) return undefined;
  const fields = fieldsOf(message);
  const raw = fields.find(({ number }) => number === tensor.rawData);
  const parts = raw
    ? [raw.payload]
    : fields
        .filter(({ number }) => number === tensor.floatData)
        // Usually packed into one field; a single one is its tag and four bytes.
        .map(({ payload, whole }) => (payload.length > 0 ? payload : whole.subarray(-4)));
  const values = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0) / 4);
  const bytes = new Uint8Array(values.buffer);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return values;
}

/** Values of a constant of 64-bit integers; `undefined` of another. */
export function integersOf({ message, elemType }: FileConstant): number[] | undefined {
  if (elemType !== elementType.int64) return undefined;
  const fields = fieldsOf(message);
  const raw = fields.find(({ number }) => number === tensor.rawData);
  if (raw) return Array.from(new BigInt64Array(Uint8Array.from(raw.payload).buffer), Number);
  return integers(fields, tensor.int64Data);
}

/** An integer attribute of a node. */
export function integerAttribute(node: FileNode, name: string): number | undefined {
  return attributeField(node, name, attribute.i)?.value;
}

/** An attribute of a node that is a list of integers. */
export function integersAttribute(node: FileNode, name: string): number[] | undefined {
  const fields = attributeFields(node, name);
  return fields && integers(fields, attribute.ints);
}

function attributeField(node: FileNode, name: string, number: number): Field | undefined {
  return attributeFields(node, name)?.find((field) => field.number === number);
}

function attributeFields({ message }: FileNode, name: string): Field[] | undefined {
  return fieldsOf(joinRope(message))
    .filter(({ number }) => number === nodeAttribute)
    .map(({ payload }) => fieldsOf(payload))
    .find((fields) =>
      fields.some(
        ({ number, payload }) => number === attribute.name && new TextDecoder().decode(payload) === name,
      ),
    );
}

/** A list of varints, packed into one field or a field each, whose tag is a byte then. */
function integers(fields: readonly Field[], wanted: number): number[] {
  return fields
    .filter(({ number }) => number === wanted)
    .flatMap(({ payload, whole }) => unpacked(payload.length === 0 ? whole.subarray(1) : payload));
}

function unpacked(payload: Uint8Array): number[] {
  const values: number[] = [];
  let [value, shift] = [0n, 0n];
  for (const byte of payload) {
    value |= BigInt(byte & 0x7f) << shift;
    shift += 7n;
    if (byte >= 0x80) continue;
    values.push(Number(BigInt.asIntN(64, value)));
    [value, shift] = [0n, 0n];
  }
  return values;
}
