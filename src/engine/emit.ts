import { packageVersion } from '../core/package-version.js';
import {
  encodeOnnx,
  type OnnxGraph,
  onnxAttribute,
  onnxModel,
  onnxTensor,
  onnxValueInfo,
} from './onnx-model.js';
import { simplify } from './passes/simplify.js';
import type { DataType, Emission, Node, Target, Tensor } from './tensor.js';
import { follow, topologicalOrder } from './topological-order.js';
import { chosenLowering, type Lowerings } from './tuning/lowering-choice.js';

/** What a graph is to become: named outputs, and what its open leaves stand for. */
export interface GraphSpecification {
  readonly outputs: Readonly<Record<string, Tensor>>;
  /**
   * What to put in the place of a tensor, usually a parameter: a slice of a flat input while training, a constant in a
   * model file.
   */
  readonly bindings?: ReadonlyMap<Tensor, Tensor>;
  readonly target: Target;
  /**
   * Tensors that a training program is to compute before anything that they do not need, in this order, which decides how
   * many values are held at once; what no output needs is left out. Default: as ONNX Runtime likes.
   */
  readonly first?: readonly Tensor[];
  /** How to write operations of a training program that can be written in several ways, by the key of the choice. */
  readonly lowerings?: Lowerings;
  /** Written to the file's `metadata_props`. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Begins the names of outputs that are there for the order of computing alone. */
const orderMark = 'first:';

/**
 * ONNX Runtime computes what a node needs right before it, and takes the nodes whose results go nowhere but out from the last
 * in the file to the first. So the first element of a tensor, put out behind all else, has it computed first of all.
 */
function writeOrderMark(file: OnnxGraph, value: string, name: string, dtype: DataType): void {
  const list = (part: string, at: number) => {
    const constant = `${name} ${part}`;
    file.initializer.push(onnxTensor(constant, 'int64', [1], [at]));
    return constant;
  };
  const node = (opType: string, inputs: string[], output: string) =>
    file.node.push({
      name: `${output} ${opType}`,
      opType,
      domain: '',
      input: inputs,
      output: [output],
      attribute: [],
    });
  node('Reshape', [value, list('shape', -1)], `${name} flat`);
  node('Slice', [`${name} flat`, list('start', 0), list('end', 1)], name);
  file.output.push(onnxValueInfo(name, dtype, [1]));
}

/** Operations of ONNX Runtime's own; all others are standard ONNX. */
const runtimeOperations = new Set(['FusedMatMul', 'QuickGelu']);

/**
 * Writes the graph as an ONNX file. Each node is written once, after its inputs; what no output needs is left out, and what
 * can be had for less is rewritten (`passes/`). ONNX nodes are named after their operation and, where call sites were
 * recorded, the line that applied it.
 */
export function emitGraph(graph: GraphSpecification): Uint8Array {
  const { outputs, target, first = [], lowerings, metadata = {} } = graph;
  const file: OnnxGraph = { name: 'imagekin', node: [], initializer: [], input: [], output: [] };
  const names = new Map<Tensor, string>();
  const constants = new Map<string, string>();
  const shared = new Map<string, string>();
  let counter = 0;
  const fresh = (stem: string) => `${stem}_${counter++}`;

  const resolve = simplify(Object.values(outputs), follow(graph.bindings));

  // A value goes by its output's name from the start, so that it need not be copied to get it.
  const given = new Map(Object.entries(outputs).map(([name, tensor]) => [resolve(tensor), name]));

  const write = (node: Node): void => {
    const outputNames = node.outputs.map((tensor) => {
      const name = given.get(tensor) ?? fresh(node.operation.name);
      names.set(tensor, name);
      return name;
    });
    const nodeName = node.source ? `${node.operation.name}@${node.source}` : node.operation.name;
    const emission: Emission<unknown> = {
      node,
      attributes: node.attributes,
      inputs: node.inputs.map((input) => names.get(resolve(input))!),
      outputs: outputNames,
      target,
      add(type, inputs, attributes = {}, results = [fresh(type)]) {
        file.node.push({
          name: fresh(nodeName),
          opType: type,
          domain: runtimeOperations.has(type) ? 'com.microsoft' : '',
          input: inputs,
          output: results,
          attribute: Object.entries(attributes).map(([key, value]) => onnxAttribute(key, value)),
        });
        return results[0]!;
      },
      constant(dtype, shape, values) {
        // Large constants (weights, index tables) are not compared: building their key would cost more than it saves.
        const key =
          values.length <= 64
            ? `${dtype}|${shape.join()}|${Array.from(values, (value) => (Object.is(value, -0) ? '-0' : value)).join()}`
            : undefined;
        const known = key === undefined ? undefined : constants.get(key);
        if (known !== undefined) return known;
        const name = fresh('constant');
        file.initializer.push(onnxTensor(name, dtype, shape, values));
        if (key !== undefined) constants.set(key, name);
        return name;
      },
      once(key, write) {
        const name = shared.get(key) ?? write();
        shared.set(key, name);
        return name;
      },
      input(name, dtype, shape) {
        file.input.push(onnxValueInfo(name, dtype, shape));
        names.set(node.outputs[0]!, name);
      },
    };
    const lowering = target === 'training' ? chosenLowering(node, lowerings) : undefined;
    (lowering ?? node.operation).emit(emission);
  };

  for (const node of topologicalOrder(Object.values(outputs), resolve)) write(node);
  for (const [name, tensor] of Object.entries(outputs)) {
    const value = names.get(resolve(tensor))!;
    if (value !== name) {
      // An input handed through, or a value with two names.
      const copy = { opType: 'Identity', domain: '', input: [value], output: [name], attribute: [] };
      file.node.push({ name: fresh('output'), ...copy });
    }
    file.output.push(onnxValueInfo(name, tensor.dtype, tensor.shape));
  }
  if (target === 'training') {
    for (const [i, tensor] of first.toReversed().entries()) {
      const value = names.get(resolve(tensor));
      if (value !== undefined) writeOrderMark(file, value, `${orderMark}${i}`, tensor.dtype);
    }
  }
  return encodeOnnx(onnxModel(file, packageVersion, metadata));
}
