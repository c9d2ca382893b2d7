import { onnxTensor } from '../onnx-model.js';
import {
  type FileInitializer,
  type FileNode,
  fileInitializer,
  type OnnxFile,
  renameInput,
} from './onnx-file.js';
import { fieldsOf, joinRope } from './wire.js';

/**
 * A model that was exported for one image with its reshapes made to take any number: where a constant shape begins with 1,
 * that axis is left open, or taken over from what is reshaped. Whether that is what the 1 meant is for the caller to find out.
 * @param prefix a beginning of names that the file has none of
 */
export function forAnyBatch(file: OnnxFile, prefix: string): OnnxFile {
  const constants = new Map([
    ...file.initializers.map(({ name, message }) => [name, () => integersOf(joinRope(message))] as const),
    ...file.nodes
      .filter(({ opType }) => opType === 'Constant')
      .map((node) => [node.outputs[0]!, () => constantOf(node)] as const),
  ]);
  const added: FileInitializer[] = [];
  const nodes = file.nodes.map((node) => {
    const shape = node.opType === 'Reshape' ? node.inputs[1] : undefined;
    const values = shape === undefined ? undefined : constants.get(shape)?.();
    if (values === undefined || values.length < 2 || values[0] !== 1) return node;
    const name = `${prefix}shape_${added.length}`;
    const open = values.includes(-1) ? 0 : -1;
    added.push(fileInitializer(onnxTensor(name, 'int64', [values.length], [open, ...values.slice(1)])));
    return renameInput(node, shape!, name);
  });
  return { ...file, nodes, initializers: [...file.initializers, ...added] };
}

const tensor = { int64Data: 7, dataType: 2, rawData: 9 };

/** Values of a tensor of 64-bit integers; `undefined` of another. */
function integersOf(message: Uint8Array): number[] | undefined {
  const fields = fieldsOf(message);
  if (fields.find(({ number }) => number === tensor.dataType)?.value !== 7) return undefined;
  const raw = fields.find(({ number }) => number === tensor.rawData);
  if (raw) return Array.from(new BigInt64Array(Uint8Array.from(raw.payload).buffer), Number);
  // A list of varints, usually packed into one field.
  return fields
    .filter(({ number }) => number === tensor.int64Data)
    .flatMap(({ payload, value }) => (payload.length === 0 ? [value] : unpacked(payload)));
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

/** The value of a `Constant` node: its attribute of that name, a tensor (field 5). */
function constantOf({ message }: FileNode): number[] | undefined {
  const attributes = fieldsOf(joinRope(message)).filter(({ number }) => number === 5);
  for (const { payload } of attributes) {
    const value = fieldsOf(payload).find(({ number }) => number === 5);
    if (value) return integersOf(value.payload);
  }
  return undefined;
}
