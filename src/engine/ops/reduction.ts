import { normalizeAxis, shapeMismatch } from '../shape.js';
import {
  apply,
  type GradientContext,
  type Lowering,
  type Node,
  type Operation,
  type Shape,
  type Tensor,
} from '../tensor.js';
import { reshape } from './reshape.js';

export interface ReductionOptions {
  /** Axes to reduce, which may count from the end; all if left out. */
  readonly axes?: readonly number[];
  /** Keep reduced axes with length 1. Default false. */
  readonly keepAxes?: boolean;
}

export interface ReductionAttributes {
  readonly axes: readonly number[];
  readonly keepAxes: boolean;
}

/**
 * An operation that folds axes of a float tensor, each element alone being what it is folded to; written as one ONNX reduction.
 * @param likelier other ways to write it, to be tried before that
 */
export function reduction(
  name: string,
  onnxType: string,
  gradient: (context: GradientContext<ReductionAttributes>) => readonly (Tensor | undefined)[],
  likelier: (node: Node<ReductionAttributes>) => readonly Lowering<ReductionAttributes>[] = () => [],
): (x: Tensor, options?: ReductionOptions) => Tensor {
  const byReduction: Lowering<ReductionAttributes> = {
    name: 'reduction',
    emit({ add, constant, inputs, outputs, attributes: { axes, keepAxes } }) {
      const axesName = constant('int64', [axes.length], axes);
      add(onnxType, [inputs[0]!, axesName], { keepdims: keepAxes ? 1 : 0 }, outputs);
    },
  };
  const operation: Operation<ReductionAttributes> = {
    name,
    infer([x], { axes, keepAxes }) {
      if (x!.dtype !== 'float32') throw shapeMismatch(name, 'a float32 tensor', [x!], 'cast it');
      const kept = keptShape(x!.shape, axes);
      return [{ dtype: x!.dtype, shape: keepAxes ? kept : kept.filter((_, axis) => !axes.includes(axis)) }];
    },
    emit: byReduction.emit,
    lowerings: (node) => [...likelier(node), byReduction],
    gradient,
  };
  return (x, { axes = x.shape.map((_, axis) => axis), keepAxes = false } = {}) => {
    const normalized = axes.map((axis) => normalizeAxis(name, axis, x)).sort((a, b) => a - b);
    if (normalized.length === 0) return x;
    // Of one element each is the element: nothing is computed.
    if (x.dtype === 'float32' && normalized.every((axis) => x.shape[axis] === 1))
      return reshape(x, keepAxes ? x.shape : x.shape.filter((_, axis) => !normalized.includes(axis)));
    return apply(operation, [x], { axes: normalized, keepAxes });
  };
}

/** The shape with the reduced axes kept as ones: how a result broadcasts against what it was reduced from. */
export function keptShape(shape: Shape, axes: readonly number[]): Shape {
  return shape.map((dimension, axis) => (axes.includes(axis) ? 1 : dimension));
}
