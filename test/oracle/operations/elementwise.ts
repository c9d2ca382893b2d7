import type { DataType } from '../../../src/engine/tensor.js';
import { at, tabulate } from '../naive-array.js';
import type { NaiveRule } from '../naive-rule.js';

/** One number from one number. */
function unary(compute: (x: number) => number): NaiveRule<void> {
  return ([x]) => [tabulate(x.shape, (_, position) => compute(x.values[position]))];
}

/** One number from two, axes aligned at the end and those of length 1 stretched. */
function binary(compute: (a: number, b: number) => number): NaiveRule<void> {
  return ([a, b]) => {
    const rank = Math.max(a.shape.length, b.shape.length);
    const aligned = [a, b].map(({ shape, values }) => ({
      shape: [...Array<number>(rank - shape.length).fill(1), ...shape],
      values,
    }));
    const shape = aligned[0].shape.map((length, axis) => (length === 1 ? aligned[1].shape[axis] : length));
    const element = (array: (typeof aligned)[number], index: readonly number[]) =>
      at(
        array,
        index.map((i, axis) => (array.shape[axis] === 1 ? 0 : i)),
      );
    return [tabulate(shape, (index) => compute(element(aligned[0], index), element(aligned[1], index)))];
  };
}

/** 2/√π e^(−x²) Σₙ 2ⁿ x²ⁿ⁺¹ / (2n + 1)!!, a series of positive terms (Abramowitz and Stegun 7.1.6). */
export function errorFunction(x: number): number {
  // erfc(6) is 2e-17: nothing is left of it in float64.
  if (Math.abs(x) > 6) return Math.sign(x);
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-18 * Math.abs(sum); n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

const conversions: Record<DataType, (x: number) => number> = {
  float32: (x) => x,
  int64: Math.trunc,
  uint8: (x) => Math.trunc(x) & 255,
  bool: (x) => (x !== 0 ? 1 : 0),
};

export const elementwise = {
  add: binary((a, b) => a + b),
  subtract: binary((a, b) => a - b),
  multiply: binary((a, b) => a * b),
  divide: binary((a, b) => a / b),
  maximum: binary(Math.max),
  equal: binary((a, b) => (a === b ? 1 : 0)),
  greater: binary((a, b) => (a > b ? 1 : 0)),
  negate: unary((x) => -x),
  exp: unary(Math.exp),
  log: unary(Math.log),
  sqrt: unary(Math.sqrt),
  erf: unary(errorFunction),
  erfSigmoid: unary((x) => (1 + errorFunction(x)) / 2),
  relu: unary((x) => Math.max(x, 0)),
  step: unary((x) => (x > 0 ? 1 : 0)),
  sigmoid: unary((x) => 1 / (1 + Math.exp(-x))),
  softplus: unary((x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))),
  gelu: unary((x) => (x / 2) * (1 + errorFunction(x / Math.SQRT2))),
  stopGradient: unary((x) => x),
  cast: (([x], { to }) => [
    tabulate(x.shape, (_, position) => conversions[to](x.values[position])),
  ]) as NaiveRule<{ to: DataType }>,
};
