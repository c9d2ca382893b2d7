import type { Operation } from './operation.js';

/** Element types that graphs use; `int64` is the type of ONNX's indices. */
export type DataType = 'float32' | 'int64' | 'uint8' | 'bool';

/** Length of an axis: a number, or a name (`N`) where it is known only when the program runs. */
export type Dimension = number | string;
export type Shape = readonly Dimension[];

export interface TensorType {
  readonly dtype: DataType;
  readonly shape: Shape;
}

/**
 * A value in a differentiable graph: what one output of an operation will be when a program runs. Building graphs is
 * calling operations on tensors; nothing is computed until the graph is compiled.
 */
export class Tensor implements TensorType {
  readonly dtype: DataType;
  readonly shape: Shape;

  constructor(
    /** The application of an operation that yields this tensor. */
    readonly node: Node,
    /** Which of the node's outputs this is. */
    readonly index: number,
    type: TensorType,
  ) {
    this.dtype = type.dtype;
    this.shape = type.shape;
  }

  get rank(): number {
    return this.shape.length;
  }
}

/** One application of an operation. */
export class Node<A = unknown> {
  readonly outputs: readonly Tensor[];

  constructor(
    readonly operation: Operation<A>,
    readonly inputs: readonly Tensor[],
    readonly attributes: A,
  ) {
    this.outputs = operation.infer(inputs, attributes).map((type, i) => new Tensor(this as Node, i, type));
  }
}

/** Applies an operation with one output. */
export function apply<A>(operation: Operation<A>, inputs: readonly Tensor[], attributes: A): Tensor {
  return new Node(operation, inputs, attributes).outputs[0]!;
}

/** Applies an operation with several outputs. */
export function applyAll<A>(
  operation: Operation<A>,
  inputs: readonly Tensor[],
  attributes: A,
): readonly Tensor[] {
  return new Node(operation, inputs, attributes).outputs;
}
