import { elementCount, normalizeAxis, shapeMismatch, staticShape } from '../shape.js';
import { apply, type Operation, type Tensor } from '../tensor.js';

/** A matrix fixed when the graph is built: its rows. */
export type Matrix = readonly (readonly number[])[];

interface MapAxisAttributes {
  readonly matrix: Matrix;
  readonly axis: number;
  /** Whether it is written in one more axis, which keeps its buffers apart from those of others (ADR 0004). */
  readonly apart: boolean;
}

const operation: Operation<MapAxisAttributes> = {
  name: 'mapAxis',
  infer([x], { matrix, axis }) {
    const columns = matrix[0]!.length;
    if (x!.dtype !== 'float32' || x!.shape[axis] !== columns) {
      throw shapeMismatch(
        'mapAxis',
        `float32 with ${columns} elements along axis ${axis}, one per column of the matrix`,
        [x!],
        'name another axis or give another matrix',
      );
    }
    return [{ dtype: 'float32', shape: x!.shape.map((d, i) => (i === axis ? matrix.length : d)) }];
  },
  // A matrix product for each index before the axis and each block of the matrix, at the speed that memory allows.
  emit({ node, add, constant, inputs, outputs, attributes: { matrix, axis, apart } }) {
    const shape = staticShape('mapAxis', node.inputs[0]!);
    const outer = elementCount(shape.slice(0, axis));
    const inner = elementCount(shape.slice(axis + 1));
    const block = repeatedBlock(matrix, Math.ceil(worthACall / inner));
    const [rows, columns] = [block.length, block[0]!.length];
    const blocks = outer * (matrix.length / rows);
    const stack = blocks === 1 ? [columns, inner] : [blocks, columns, inner];
    const operand = apart ? [1, ...stack] : stack;
    const flat = add('Reshape', [inputs[0]!, constant('int64', [operand.length], operand)]);
    const product = add('MatMul', [constant('float32', [rows, columns], block.flat()), flat]);
    const result = shape.map((d, i) => (i === axis ? matrix.length : d));
    add('Reshape', [product, constant('int64', [result.length], result)], {}, outputs);
  },
  gradient: ({ attributes: { matrix, axis }, outputGradient: g }) => [
    apply(operation, [g], { matrix: transposed(matrix), axis, apart: true }),
  ],
};

/**
 * Applies a constant matrix along one axis: y[…, i, …] = Σⱼ matrix[i][j] · x[…, j, …]. Padding, cropping, pooling by
 * means and the transforms of fast convolutions are such maps.
 *
 * @param x float32 with as many elements along the axis as the matrix has columns
 * @param options.apart whether its buffers are kept apart from those of others, as the gradient's are: for what is made for
 * the backward pass
 * @returns float32, with as many elements along the axis as the matrix has rows
 */
export function mapAxis(x: Tensor, axis: number, matrix: Matrix, { apart = false } = {}): Tensor {
  return apply(operation, [x], { matrix, axis: normalizeAxis('mapAxis', axis, x), apart });
}

function transposed(matrix: Matrix): Matrix {
  return matrix[0]!.map((_, column) => matrix.map((row) => row[column]!));
}

/** Multiplications that are worth a matrix product of their own. */
const worthACall = 2 ** 14;

/**
 * The smallest block, of some elements at least, of which copies along the diagonal make the matrix, with zeros elsewhere; else
 * the matrix itself.
 */
function repeatedBlock(matrix: Matrix, fewestElements: number): Matrix {
  const [rows, columns] = [matrix.length, matrix[0]!.length];
  for (let count = Math.min(rows, columns); count > 1; count--) {
    if (rows % count !== 0 || columns % count !== 0) continue;
    const [down, across] = [rows / count, columns / count];
    if (down * across < fewestElements) continue;
    const isCopy = matrix.every((row, i) =>
      row.every((value, j) => {
        const sameBlock = Math.floor(i / down) === Math.floor(j / across);
        return value === (sameBlock ? matrix[i % down]![j % across]! : 0);
      }),
    );
    if (isCopy) return matrix.slice(0, down).map((row) => row.slice(0, across));
  }
  return matrix;
}
