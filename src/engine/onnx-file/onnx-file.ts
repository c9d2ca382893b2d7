import { packageVersion } from '../../core/package-version.js';
import {
  decodeValueInfo,
  encodeNode,
  encodeTensor,
  encodeValueInfo,
  type OnnxNode,
  type OnnxTensor,
  type OnnxValueInfo,
} from '../onnx-model.js';
import { bytesField, type Field, fieldsOf, joinRope, type Rope, textOf, varintField } from './wire.js';

/**
 * An ONNX file that somebody else may have written, taken apart only as far as it takes to cut it, join it with others and
 * write it again: nodes and weights stay the bytes that they were (onnx.proto, the numbers of whose fields stand here).
 */
export interface OnnxFile {
  readonly irVersion: number;
  /** Version of each set of operations by its domain, `''` being standard ONNX. */
  readonly opsets: ReadonlyMap<string, number>;
  readonly nodes: readonly FileNode[];
  readonly initializers: readonly FileInitializer[];
  readonly inputs: readonly OnnxValueInfo[];
  readonly outputs: readonly OnnxValueInfo[];
  /** Shapes of inner values, as far as the file tells them. They are not written again, as they may not hold any more. */
  readonly values: readonly OnnxValueInfo[];
  /** Functions that the file defines for itself, as they stood. */
  readonly functions: readonly Uint8Array[];
}

export interface FileNode {
  readonly opType: string;
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Every name that graphs inside of it, as the branches of an `If`, refer to; their own values are among them. */
  readonly captured: readonly string[];
  readonly message: Rope;
}

export interface FileInitializer {
  readonly name: string;
  /** Whether its values stand in another file. */
  readonly external: boolean;
  readonly message: Rope;
}

const model = {
  irVersion: 1,
  producerName: 2,
  producerVersion: 3,
  graph: 7,
  opset: 8,
  metadata: 14,
  functions: 25,
};
const graph = { node: 1, name: 2, initializer: 5, input: 11, output: 12, value: 13, sparse: 15 };
const node = { input: 1, output: 2, opType: 4, attribute: 5, domain: 7 };
const attribute = { name: 1, integer: 3, graph: 6, graphs: 11, type: 20 };
const attributeTypes = { integer: 2 };
export const tensor = { name: 8, rawData: 9, externalData: 13, location: 14 };

/** Who wrote an ONNX file; `undefined` where the bytes are no ONNX file. */
export function onnxProducer(bytes: Uint8Array): string | undefined {
  try {
    const fields = fieldsOf(bytes);
    if (
      bytes.length === 0 ||
      !fields.some(({ number, payload }) => number === model.graph && payload.length > 0)
    )
      return undefined;
    const producer = fields.find(({ number }) => number === model.producerName);
    return producer ? textOf(producer) : '';
  } catch {
    return undefined;
  }
}

/** Throws a RangeError where the bytes are no ONNX file. */
export function readOnnxFile(bytes: Uint8Array): OnnxFile {
  const fields = fieldsOf(bytes);
  const parts = fieldsOf(only(fields, model.graph).payload);
  const initializers = payloads(parts, graph.initializer).map(readInitializer);
  const given = new Set(initializers.map(({ name }) => name));
  if (parts.some(({ number }) => number === graph.sparse))
    throw new RangeError('sparse weights, which are not supported');
  return {
    irVersion: fields.find(({ number }) => number === model.irVersion)?.value ?? 0,
    opsets: new Map(payloads(fields, model.opset).map(readOpset)),
    nodes: payloads(parts, graph.node).map(readNode),
    initializers,
    // Before IR version 4, weights stood among the inputs as well.
    inputs: payloads(parts, graph.input)
      .map(decodeValueInfo)
      .filter(({ name }) => !given.has(name)),
    outputs: payloads(parts, graph.output).map(decodeValueInfo),
    values: payloads(parts, graph.value).map(decodeValueInfo),
    functions: payloads(fields, model.functions),
  };
}

/** Writes it as a file of imagekin. Its metadata stand last. */
export function writeOnnxFile(file: OnnxFile, metadata: Readonly<Record<string, string>>): Uint8Array {
  return joinRope([
    // Weights that are no inputs came with version 4.
    varintField(model.irVersion, Math.max(file.irVersion, 4)),
    bytesField(model.producerName, 'imagekin'),
    bytesField(model.producerVersion, packageVersion),
    [...file.opsets].map(([domain, version]) =>
      bytesField(model.opset, [bytesField(1, domain), varintField(2, version)]),
    ),
    bytesField(model.graph, [
      file.nodes.map(({ message }) => bytesField(graph.node, message)),
      bytesField(graph.name, 'imagekin'),
      file.initializers.map(({ message }) => bytesField(graph.initializer, message)),
      file.inputs.map((info) => bytesField(graph.input, encodeValueInfo(info))),
      file.outputs.map((info) => bytesField(graph.output, encodeValueInfo(info))),
    ]),
    file.functions.map((message) => bytesField(model.functions, message)),
    Object.entries(metadata).map(([key, value]) =>
      bytesField(model.metadata, [bytesField(1, key), bytesField(2, value)]),
    ),
  ]);
}

/** A node of ours, for a file. */
export function fileNode(written: OnnxNode): FileNode {
  const { opType, domain, input: inputs, output: outputs } = written;
  return { opType, domain, inputs, outputs, captured: [], message: encodeNode(written) };
}

/** A constant of ours, for a file. */
export function fileInitializer(written: OnnxTensor): FileInitializer {
  return { name: written.name, external: false, message: encodeTensor(written) };
}

/** The file with its values under other names; a function gives each its name. */
export function renameValues(file: OnnxFile, nameOf: (name: string) => string): OnnxFile {
  const named = <T extends { readonly name: string }>(value: T): T => ({
    ...value,
    name: nameOf(value.name),
  });
  return {
    ...file,
    nodes: file.nodes.map((each) => renameNode(each, nameOf)),
    initializers: file.initializers.map((each) => {
      const name = nameOf(each.name);
      if (name === each.name) return each;
      const rest = fieldsOf(joinRope(each.message)).filter(({ number }) => number !== tensor.name);
      return { ...each, name, message: [rest.map(({ whole }) => whole), bytesField(tensor.name, name)] };
    }),
    inputs: file.inputs.map(named),
    outputs: file.outputs.map(named),
    values: file.values.map(named),
  };
}

/** The node with another value in the place of one of its inputs. */
export function renameInput(each: FileNode, from: string, to: string): FileNode {
  return renameNode(each, (name) => (name === from ? to : name));
}

/** The node with other inputs, in their order, and with other integers for some of its attributes. */
export function rewireNode(
  each: FileNode,
  inputs: readonly string[],
  integers: Readonly<Record<string, number>> = {},
): FileNode {
  const isReplaced = ({ payload }: Field) =>
    fieldsOf(payload).some((part) => part.number === attribute.name && textOf(part) in integers);
  const kept = fieldsOf(joinRope(each.message)).filter(
    (field) => field.number !== node.input && !(field.number === node.attribute && isReplaced(field)),
  );
  const message: Rope = [
    inputs.map((name) => bytesField(node.input, name)),
    kept.map(({ whole }) => whole),
    Object.entries(integers).map(([name, value]) =>
      bytesField(node.attribute, [
        bytesField(attribute.name, name),
        varintField(attribute.integer, value),
        varintField(attribute.type, attributeTypes.integer),
      ]),
    ),
  ];
  return { ...each, inputs, message };
}

function renameNode(each: FileNode, nameOf: (name: string) => string): FileNode {
  const all = [...each.inputs, ...each.outputs, ...each.captured];
  if (all.every((name) => name === '' || nameOf(name) === name)) return each;
  return readNode(joinRope(renamedNode(joinRope(each.message), nameOf)));
}

function renamedNode(message: Uint8Array, nameOf: (name: string) => string): Rope {
  return fieldsOf(message).map((field) => {
    if (field.number === node.input || field.number === node.output) {
      const name = textOf(field);
      // An input that is left out has no name.
      return name === '' ? field.whole : bytesField(field.number, nameOf(name));
    }
    if (field.number !== node.attribute) return field.whole;
    return bytesField(
      field.number,
      fieldsOf(field.payload).map((part) =>
        part.number === attribute.graph || part.number === attribute.graphs
          ? bytesField(part.number, renamedGraph(part.payload, nameOf))
          : part.whole,
      ),
    );
  });
}

/** A graph inside of a node: its own values are renamed with those from outside, which keeps them apart as they were. */
function renamedGraph(message: Uint8Array, nameOf: (name: string) => string): Rope {
  const renamedName = (field: Field, at: number) =>
    bytesField(
      field.number,
      fieldsOf(field.payload).map((part) =>
        part.number === at ? bytesField(at, nameOf(textOf(part))) : part.whole,
      ),
    );
  return fieldsOf(message)
    .filter(({ number }) => number !== graph.value)
    .map((field) => {
      if (field.number === graph.node) return bytesField(field.number, renamedNode(field.payload, nameOf));
      if (field.number === graph.initializer) return renamedName(field, tensor.name);
      if (field.number === graph.input || field.number === graph.output) return renamedName(field, 1);
      return field.whole;
    });
}

function readNode(message: Uint8Array): FileNode {
  const fields = fieldsOf(message);
  const texts = (number: number) => fields.filter((field) => field.number === number).map(textOf);
  return {
    opType: texts(node.opType)[0] ?? '',
    domain: (texts(node.domain)[0] ?? '').replace(/^ai\.onnx$/, ''),
    inputs: texts(node.input),
    outputs: texts(node.output),
    captured: payloads(fields, node.attribute).flatMap(namesInAttribute),
    message,
  };
}

function namesInAttribute(message: Uint8Array): string[] {
  return fieldsOf(message)
    .filter(({ number }) => number === attribute.graph || number === attribute.graphs)
    .flatMap(({ payload }) => {
      const fields = fieldsOf(payload);
      const nodes = payloads(fields, graph.node).map(readNode);
      const outputs = payloads(fields, graph.output).map((info) => decodeValueInfo(info).name);
      return [...nodes.flatMap(({ inputs, captured }) => [...inputs, ...captured]), ...outputs];
    });
}

function readInitializer(message: Uint8Array): FileInitializer {
  const fields = fieldsOf(message);
  const name = fields.find(({ number }) => number === tensor.name);
  const location = fields.find(({ number }) => number === tensor.location)?.value;
  return { name: name ? textOf(name) : '', external: location === 1, message };
}

function readOpset(message: Uint8Array): [domain: string, version: number] {
  const fields = fieldsOf(message);
  const domain = fields.find(({ number }) => number === 1);
  const name = domain ? textOf(domain) : '';
  return [name === 'ai.onnx' ? '' : name, fields.find(({ number }) => number === 2)?.value ?? 1];
}

function payloads(fields: readonly Field[], wanted: number): Uint8Array[] {
  return fields.filter(({ number }) => number === wanted).map(({ payload }) => payload);
}

function only(fields: readonly Field[], wanted: number): Field {
  const found = fields.filter(({ number }) => number === wanted);
  if (found.length !== 1) throw new RangeError('not an ONNX file');
  return found[0]!;
}
