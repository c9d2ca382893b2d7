import { ImagekinError } from '../core/errors.js';
import type { Dimension, Shape, Tensor } from './tensor.js';

export function formatShape(shape: Shape): string {
  return `[${shape.join(', ')}]`;
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dimension, i) => dimension === b[i]);
}

/** The error for tensors that do not fit an operation, with all their shapes. */
export function shapeMismatch(
  operation: string,
  expected: string,
  inputs: readonly Tensor[],
  fix: string,
): ImagekinError {
  return new ImagekinError('shape-mismatch', {
    where: operation,
    expected,
    got: inputs.map((input) => `${input.dtype} ${formatShape(input.shape)}`).join(' and '),
    fix,
  });
}

/** Shape of an elementwise result, by NumPy's broadcasting rules: axes are aligned at the end, ones stretch. */
export function broadcastShape(operation: string, inputs: readonly Tensor[]): Shape {
  const rank = Math.max(...inputs.map((input) => input.rank));
  return Array.from({ length: rank }, (_, axis) => {
    let result: Dimension = 1;
    for (const { shape } of inputs) {
      const dimension = shape[axis - rank + shape.length] ?? 1;
      if (dimension === 1 || dimension === result) continue;
      if (result !== 1) {
        throw shapeMismatch(
          operation,
          'shapes that broadcast (equal axes, or 1)',
          inputs,
          'reshape one of them',
        );
      }
      result = dimension;
    }
    return result;
  });
}

/** The axis as a number in [0, rank), from one that may count from the end. */
export function normalizeAxis(operation: string, axis: number, tensor: Tensor): number {
  const normalized = axis < 0 ? axis + tensor.rank : axis;
  if (!Number.isInteger(axis) || normalized < 0 || normalized >= tensor.rank) {
    throw shapeMismatch(operation, `a tensor with an axis ${axis}`, [tensor], 'name an axis that it has');
  }
  return normalized;
}

/** The shape as numbers; an error where an axis is known only when the program runs. */
export function staticShape(operation: string, tensor: Tensor): number[] {
  if (tensor.shape.some((dimension) => typeof dimension === 'string')) {
    throw shapeMismatch(
      operation,
      'a shape known when the graph is built',
      [tensor],
      'give its input a fixed batch size',
    );
  }
  return tensor.shape as number[];
}

/** Number of elements of a shape that is known. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((count, dimension) => count * dimension, 1);
}
