import { ImagekinError } from '../../core/errors.js';
import { decodeOnnx, type OnnxModel, type OnnxNode, type OnnxTensor } from '../onnx-model.js';
import { shapeOf } from './backbone-form.js';
import { keepNeeded } from './keep-needed.js';
import { lowerNode } from './lower-opset.js';
import { fileInitializer, fileNode, readOnnxFile, renameValues, writeOnnxFile } from './onnx-file.js';
import { freePrefix } from './portable-nodes.js';

/**
 * Puts a graph of ours behind a model: one file that takes what the model takes and gives what the graph gives.
 * @param first any ONNX file; only what its named output needs is kept
 * @param second a file that `emitGraph` has written in standard ONNX, of one input
 * @param connect the output of the first that is the input of the second: float32, of the same shape
 * @throws `shape-mismatch` where they do not fit; `engine-failed` where an operation of the second cannot be written in the
 * version of ONNX that the first is in
 */
export function composeModels(
  first: Uint8Array,
  second: Uint8Array,
  connect: { readonly output: string; readonly input: string },
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const whole = readOnnxFile(first);
  const head = decodeOnnx(second);
  requireFit(
    whole.outputs.find(({ name }) => name === connect.output),
    head,
    connect,
  );
  const kept = keepNeeded(whole, [connect.output]);
  const prefix = freePrefix([kept], 'head');
  const results = new Set(head.graph.output.map(({ name }) => name));
  const body = renameValues(kept, (name) => (results.has(name) ? `${prefix}own/${name}` : name));
  const joint = results.has(connect.output) ? `${prefix}own/${connect.output}` : connect.output;
  const nameOf = (name: string) =>
    name === '' || results.has(name) ? name : name === connect.input ? joint : `${prefix}${name}`;

  const opset = whole.opsets.get('') ?? 0;
  const constants = new Map(head.graph.initializer.map((tensor) => [tensor.name, tensor]));
  const lowered = head.graph.node.map((node) =>
    lowerNode(node, opset, (name) => integersOf(constants.get(name))),
  );
  const nodes = lowered.flatMap((list) => list.nodes);
  const used = new Set(nodes.flatMap(({ input }) => input));
  return writeOnnxFile(
    {
      ...body,
      nodes: [...body.nodes, ...nodes.map((node) => fileNode(renamed(node, nameOf)))],
      initializers: [
        ...body.initializers,
        ...[...head.graph.initializer, ...lowered.flatMap((list) => list.constants)]
          .filter(({ name }) => used.has(name))
          .map((tensor) => fileInitializer({ ...tensor, name: nameOf(tensor.name) })),
      ],
      outputs: head.graph.output,
    },
    metadata,
  );
}

function requireFit(
  output: Parameters<typeof shapeOf>[0],
  { graph }: OnnxModel,
  connect: { readonly output: string; readonly input: string },
): void {
  const given = shapeOf(output)?.slice(1);
  const taken = shapeOf(graph.input.find(({ name }) => name === connect.input))?.slice(1);
  const [gives, takes] = [given, taken].map((shape) => shape?.map((length) => length ?? '?').join('×'));
  if (graph.input.length === 1 && gives !== undefined && gives === takes) return;
  throw new ImagekinError('shape-mismatch', {
    where: 'composeModels',
    expected: `an output '${connect.output}' for the one input '${connect.input}' of the other, of ${takes ?? 'which there is none'} per image`,
    got: gives ?? 'none',
    fix: 'name what one gives and the other takes',
  });
}

function renamed(node: OnnxNode, nameOf: (name: string) => string): OnnxNode {
  return {
    ...node,
    name: nameOf(node.name),
    input: node.input.map(nameOf),
    output: node.output.map(nameOf),
  };
}

/** Values of a constant of integers, as lists of axes are. */
function integersOf(tensor: OnnxTensor | undefined): number[] | undefined {
  if (tensor === undefined) return undefined;
  return Array.from(new BigInt64Array(Uint8Array.from(tensor.rawData).buffer), Number);
}
