import { elementTypes } from '../onnx-model.js';
import { shapeMismatch } from '../shape.js';
import { apply, type Operation, type Tensor } from '../tensor.js';
import { zeroByte } from './quantize.js';

const operation: Operation<void> = {
  name: 'largestByteProducts',
  infer(inputs) {
    const [rows, columns] = inputs as [Tensor, Tensor];
    const length = rows.shape[2];
    const fits =
      rows.dtype === 'uint8' &&
      columns.dtype === 'float32' &&
      rows.rank === 3 &&
      columns.rank === 2 &&
      typeof length === 'number' &&
      length === columns.shape[0];
    if (!fits)
      throw shapeMismatch(
        'largestByteProducts',
        'uint8 rows [groups, size of a group, n] and float32 columns [n, queries]',
        inputs,
        'group the rows and transpose the queries',
      );
    return [{ dtype: 'float32', shape: [rows.shape[0]!, columns.shape[1]!] }];
  },
  emit({ add, constant, once, inputs, outputs }) {
    const [rows, columns] = inputs as [string, string];
    const numbers = once(`int8 ${columns}`, () => add('Cast', [columns], { to: int8 }));
    // Rows first, since the other way the engine would have to transpose all of them.
    const products = add('MatMulInteger', [rows, numbers, constant('uint8', [], [zeroByte])]);
    const largest = add('ReduceMax', [products, constant('int64', [1], [1])], { keepdims: 0 });
    add('Cast', [largest], { to: elementTypes.float32 }, outputs);
  },
};

/** What ONNX calls the type by. */
const int8 = 3;

/**
 * The largest dot product of each query with the rows of a group, Σᵢ qᵢ·(xᵢ − 128), for all groups. Sums are exact in 32-bit
 * integers, for rows of up to 2¹⁷ numbers, where queries are no larger than the processor takes: those without instructions for
 * products of bytes add two of them up in 16 bits, which 2 · 255 · 63 fits and 2 · 255 · 127 does not. Above 2²⁴ they are rounded
 * to float32. Without gradient.
 *
 * @param rows uint8 [groups, size of a group, n]
 * @param columns the queries, float32 [n, queries], whole numbers from −127 to 127
 * @returns float32 [groups, queries]
 */
export function largestByteProducts(rows: Tensor, columns: Tensor): Tensor {
  return apply(operation, [rows, columns], undefined);
}
