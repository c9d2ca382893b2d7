import { callSite } from './call-site.js';
import type { OnnxAttributes } from './onnx-model.js';
import type { DataType, Shape, TensorType } from './tensor-type.js';

export type { DataType, Dimension, Shape, TensorType } from './tensor-type.js';

// Tensors, nodes and operations are defined through each other, so they share a file.

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
    /** Where the graph's author applied it, as `file.ts:12`; known only while call sites are recorded. */
    readonly source: string | undefined = callSite(),
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

/**
 * One operation of the engine: its shape rule, how it is written in ONNX, and its gradient. Each stands in a file of its
 * own in `ops/`, with the function that applies it.
 */
export interface Operation<A> {
  readonly name: string;
  /** Types of the outputs. Throws `shape-mismatch` where the inputs do not fit. */
  infer(inputs: readonly Tensor[], attributes: A): readonly TensorType[];
  /** Writes the operation as ONNX nodes that yield `emission.outputs`. */
  emit(emission: Emission<A>): void;
  /**
   * Ways to write it in a training program that are worth measuring against each other on the machine at hand, the one to
   * take unmeasured first. They may differ in rounding, not in meaning. Left out: there is only `emit`.
   */
  lowerings?(node: Node<A>): readonly Lowering<A>[];
  /** Whether no gradient passes through it to anything before. */
  readonly stopsGradient?: boolean;
  /** Whether it stretches its inputs to the shape of its result by itself, as elementwise operations do. */
  readonly broadcasts?: boolean;
  /**
   * Gradient of the loss with respect to each input, given that with respect to each output; `undefined` for inputs
   * that no gradient flows to. Left out: differentiating through the operation is an error that names it.
   */
  gradient?(context: GradientContext<A>): readonly (Tensor | undefined)[];
}

/** One way to write an operation. */
export interface Lowering<A> {
  /** Stands in what is remembered of a machine and in checkpoints; unique within its operation. */
  readonly name: string;
  emit(emission: Emission<A>): void;
}

export interface GradientContext<A> {
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  readonly attributes: A;
  /** `undefined` for outputs that do not reach the loss. */
  readonly outputGradients: readonly (Tensor | undefined)[];
  /** Gradient of the first output, for operations that have one. */
  readonly outputGradient: Tensor;
  /** Whether a gradient with respect to input `i` is wanted at all. */
  wants(i: number): boolean;
}

/**
 * `portable` programs hold standard ONNX only and take any batch size; `training` ones run here and now, with constant
 * shapes, and may use what this runtime does best.
 */
export type Target = 'training' | 'portable';

/** Where an operation writes its ONNX nodes. Names stand for ONNX values. */
export interface Emission<A> {
  readonly node: Node<A>;
  readonly attributes: A;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly target: Target;
  /**
   * Adds an ONNX node.
   * @param outputs names it yields; a fresh one if left out
   * @returns name of its first output
   */
  add(
    type: string,
    inputs: readonly string[],
    attributes?: OnnxAttributes,
    outputs?: readonly string[],
  ): string;
  /** A constant; equal constants are stored once. */
  constant(dtype: DataType, shape: readonly number[], values: ArrayLike<number>): string;
  /** Writes a value once, however many operations ask for it under this key: how a convolution and its gradient share columns. */
  once(key: string, write: () => string): string;
  /** A named input of the program. */
  input(name: string, dtype: DataType, shape: Shape): void;
}
