import { onnxTensor } from '../onnx-model.js';
import { type KnownShape, shapeOf } from './backbone-form.js';
import {
  type FileConstant,
  fileConstants,
  floatsOf,
  integerAttribute,
  integersAttribute,
  integersOf,
} from './file-tensor.js';
import {
  type FileInitializer,
  type FileNode,
  fileInitializer,
  fileNode,
  type OnnxFile,
} from './onnx-file.js';
import { elementType } from './portable-nodes.js';

/** Versions of ONNX in which `DequantizeLinear` came, and in which it took a scale per channel. */
const since = { oneScale: 10, perChannel: 13 };

/**
 * Bytes that are made floats and then multiplied by constants, as the pixels of images are, are scaled in one pass instead of
 * two: by `DequantizeLinear`, whose values are the same to the bit.
 * @param prefix a beginning of names that the file has none of
 * @returns the file itself where there are none
 */
export function scaleBytesAtOnce(file: OnnxFile, prefix: string): OnnxFile {
  const constants = fileConstants(file);
  const opset = file.opsets.get('') ?? 0;
  const bytes = byteShapes(file, constants);
  const readers = readersOf(file);
  const added: FileInitializer[] = [];
  const replaced = new Map<FileNode, FileNode | undefined>();
  for (const cast of file.nodes) {
    const [pixels, floats] = [cast.inputs[0]!, cast.outputs[0]!];
    const shape = isStandard(cast, 'Cast') ? bytes.get(pixels) : undefined;
    const [product, ...others] = readers.get(floats) ?? [];
    const isOfFloats = integerAttribute(cast, 'to') === elementType.float32;
    if (shape === undefined || !isOfFloats || others.length > 0 || !product || !isStandard(product, 'Mul'))
      continue;
    const factor = constants.get(product.inputs.find((name) => name !== floats) ?? '');
    const axis = factor && axisOf(factor.dims, shape);
    const values = factor && floatsOf(factor);
    if (axis === undefined || !values?.every((value) => value > 0)) continue;
    if (opset < (axis === 'none' ? since.oneScale : since.perChannel)) continue;
    const scale = `${prefix}${added.length}`;
    added.push(fileInitializer(onnxTensor(scale, 'float32', axis === 'none' ? [] : [values.length], values)));
    replaced.set(cast, undefined);
    replaced.set(
      product,
      fileNode({
        name: `${prefix}node_${added.length}`,
        opType: 'DequantizeLinear',
        domain: '',
        input: [pixels, scale],
        output: [product.outputs[0]!],
        attribute: axis === 'none' ? [] : [{ name: 'axis', type: 2, i: axis }],
      }),
    );
  }
  if (added.length === 0) return file;
  return {
    ...file,
    nodes: file.nodes.flatMap((node) => (replaced.has(node) ? (replaced.get(node) ?? []) : node)),
    initializers: [...file.initializers, ...added],
  };
}

/** Shapes of the values that are an input of bytes in another order. */
function byteShapes(
  { inputs, nodes }: OnnxFile,
  constants: ReadonlyMap<string, FileConstant>,
): ReadonlyMap<string, NonNullable<KnownShape>> {
  const shapes = new Map<string, NonNullable<KnownShape>>();
  for (const input of inputs) {
    const shape = shapeOf(input);
    if (shape && input.type.tensorType.elemType === elementType.uint8) shapes.set(input.name, shape);
  }
  for (const node of nodes) {
    const shape = shapes.get(node.inputs[0] ?? '');
    if (shape === undefined) continue;
    const [output] = node.outputs;
    const perm = integersAttribute(node, 'perm');
    if (isStandard(node, 'Identity')) shapes.set(output!, shape);
    if (isStandard(node, 'Transpose') && perm)
      shapes.set(
        output!,
        perm.map((axis) => shape[axis]),
      );
    const chosen = isStandard(node, 'Gather') ? constants.get(node.inputs[1]!) : undefined;
    const axis = integerAttribute(node, 'axis') ?? 0;
    if (chosen?.dims.length === 1 && integersOf(chosen) && axis < shape.length)
      shapes.set(output!, shape.with(axis, chosen.dims[0]));
  }
  return shapes;
}

function isStandard({ opType, domain }: FileNode, wanted: string): boolean {
  return opType === wanted && domain === '';
}

/** The axis along which a factor differs, `none` where it is one number; `undefined` where neither is so. */
function axisOf(dims: readonly number[], shape: NonNullable<KnownShape>): number | 'none' | undefined {
  if (dims.length > shape.length) return undefined;
  const long = dims.flatMap((length, axis) => (length === 1 ? [] : [axis + shape.length - dims.length]));
  if (long.length === 0) return 'none';
  const [axis] = long;
  return long.length === 1 && shape[axis!] === dims[axis! - shape.length + dims.length] ? axis : undefined;
}

/** The nodes that read each value; an output of the file has one more, as have values that inner graphs read. */
function readersOf({ nodes, outputs }: OnnxFile): ReadonlyMap<string, readonly (FileNode | undefined)[]> {
  const readers = new Map<string, (FileNode | undefined)[]>();
  const note = (name: string, node?: FileNode) => readers.set(name, [...(readers.get(name) ?? []), node]);
  for (const { name } of outputs) note(name);
  for (const node of nodes) {
    for (const name of node.inputs) note(name, node);
    for (const name of node.captured) note(name);
  }
  return readers;
}
