import { ImagekinError } from '../../core/errors.js';
import {
  type OnnxAttribute,
  type OnnxAttributes,
  type OnnxNode,
  type OnnxTensor,
  onnxAttribute,
  onnxTensor,
  opsetVersion,
} from '../onnx-model.js';

/** Nodes with the constants that they need. */
export interface NodeList {
  readonly nodes: readonly OnnxNode[];
  readonly constants: readonly OnnxTensor[];
}

/** Operations that `emitGraph` writes and that have meant the same, in the forms that it writes, since this version. */
const unchangedSince: Readonly<Record<string, number>> = {
  ...since(7, ['Add', 'Sub', 'Mul', 'Div', 'Gemm', 'Sigmoid', 'Tanh', 'Exp', 'Log', 'Sqrt', 'Neg', 'Relu']),
  ...since(8, ['Max', 'Sum', 'Expand', 'MaxPool', 'Identity', 'Reshape', 'Transpose', 'Concat', 'Gather']),
  ...since(9, ['MatMul', 'Erf', 'Cast', 'Greater', 'Where', 'Flatten', 'Sign', 'OneHot', 'ConstantOfShape']),
  ...since(11, [
    'Conv',
    'Slice',
    'Clip',
    'AveragePool',
    'Softmax',
    'LogSoftmax',
    'Equal',
    'Softplus',
    'TopK',
  ]),
  ...since(11, ['GatherElements', 'HardSigmoid', 'Abs', 'Pow']),
};

function since(version: number, names: readonly string[]): Record<string, number> {
  return Object.fromEntries(names.map((name) => [name, version]));
}

/**
 * Writes a node of ours, which is in `opsetVersion`, in an older version of standard ONNX, as a file has one version for all
 * of its nodes.
 * @param constantOf values of a constant by its name
 * @throws `engine-failed` where the operation cannot be written so
 */
export function lowerNode(
  node: OnnxNode,
  opset: number,
  constantOf: (name: string) => readonly number[] | undefined,
): NodeList {
  const asItIs: NodeList = { nodes: [node], constants: [] };
  if (opset >= opsetVersion) return asItIs;
  const [x, list] = node.input;
  const values = () => {
    const found = list === undefined ? undefined : constantOf(list);
    if (found === undefined) throw unwritable(node, opset);
    return found;
  };
  const rewritten = (attributes: OnnxAttributes, leaveOut: readonly string[] = []): NodeList => ({
    nodes: [
      {
        ...node,
        input: [x!],
        attribute: [
          ...node.attribute.filter(({ name }) => !leaveOut.includes(name)),
          ...Object.entries(attributes).map(([name, value]) => onnxAttribute(name, value)),
        ],
      },
    ],
    constants: [],
  });
  switch (node.opType) {
    case 'ReduceSum':
      return opset >= 13 ? asItIs : rewritten({ axes: values() });
    case 'ReduceMax':
    case 'ReduceMean':
    case 'ReduceSumSquare':
      return opset >= 18 ? asItIs : rewritten({ axes: values() });
    case 'Split':
      if (opset >= 18) return asItIs;
      if (opset >= 13) return { nodes: [without(node, 'num_outputs')], constants: [] };
      return list === undefined
        ? { nodes: [without(node, 'num_outputs')], constants: [] }
        : rewritten({ split: values() }, ['num_outputs']);
    case 'Gelu':
      return opset >= 9 ? geluByErf(node) : fail(node, opset);
    default:
      return (unchangedSince[node.opType] ?? Number.POSITIVE_INFINITY) <= opset ? asItIs : fail(node, opset);
  }
}

function without(node: OnnxNode, attribute: string): OnnxNode {
  return { ...node, attribute: node.attribute.filter(({ name }: OnnxAttribute) => name !== attribute) };
}

/** x/2 · (1 + erf(x/√2)) */
function geluByErf({ name, input: [x], output: [y] }: OnnxNode): NodeList {
  const constants = [
    onnxTensor(`${y}/half`, 'float32', [], [0.5]),
    onnxTensor(`${y}/one`, 'float32', [], [1]),
    onnxTensor(`${y}/root`, 'float32', [], [Math.SQRT1_2]),
  ];
  const add = (opType: string, input: readonly string[], output: string): OnnxNode => ({
    name: `${name}/${opType}${output.slice(y!.length)}`,
    opType,
    domain: '',
    input,
    output: [output],
    attribute: [],
  });
  return {
    constants,
    nodes: [
      add('Mul', [x!, `${y}/root`], `${y}/scaled`),
      add('Erf', [`${y}/scaled`], `${y}/erf`),
      add('Add', [`${y}/erf`, `${y}/one`], `${y}/above`),
      add('Mul', [x!, `${y}/half`], `${y}/halved`),
      add('Mul', [`${y}/halved`, `${y}/above`], y!),
    ],
  };
}

function fail(node: OnnxNode, opset: number): never {
  throw unwritable(node, opset);
}

function unwritable(node: OnnxNode, opset: number): ImagekinError {
  return new ImagekinError('engine-failed', {
    where: `node '${node.name}'`,
    expected: `an operation that can be written in operation set ${opset}`,
    got: node.opType,
    fix: `put it behind a model of operation set ${opsetVersion}`,
  });
}
