import type { ReductionAttributes } from '../../../src/engine/ops/reduction.js';
import { forEach, positionOf, sizeOf, tabulate } from '../naive-array.js';
import type { NaiveRule } from '../naive-rule.js';

/** One number from all the elements that differ only in the reduced axes. */
function reduction(fold: (elements: readonly number[]) => number): NaiveRule<ReductionAttributes> {
  return ([x], { axes, keepAxes }) => {
    const kept = x.shape.map((length, axis) => (axes.includes(axis) ? 1 : length));
    const groups = Array.from({ length: sizeOf(kept) }, (): number[] => []);
    forEach(x, (value, index) => {
      groups[
        positionOf(
          kept,
          index.map((i, axis) => (axes.includes(axis) ? 0 : i)),
        )
      ].push(value);
    });
    const shape = keepAxes ? kept : x.shape.filter((_, axis) => !axes.includes(axis));
    return [tabulate(shape, (_, position) => fold(groups[position]))];
  };
}

const total = (elements: readonly number[]) => elements.reduce((sum, element) => sum + element, 0);

export const reductions = {
  sum: reduction(total),
  mean: reduction((elements) => total(elements) / elements.length),
  max: reduction((elements) => Math.max(...elements)),
};
