/**
 * Float64 numbers that know what they were made of, for gradients of naive loops: reverse-mode differentiation one number
 * at a time, with none of the engine's code.
 */
export class Scalar {
  gradient = 0;

  constructor(
    readonly value: number,
    private readonly parents: readonly Scalar[] = [],
    private readonly slopes: readonly number[] = [],
  ) {
    tape.push(this);
  }

  /** Hands the gradient on to what this was made of. */
  pass(): void {
    if (this.gradient === 0) return;
    for (const [i, parent] of this.parents.entries()) parent.gradient += this.gradient * this.slopes[i];
  }
}

let tape: Scalar[] = [];

/** Value and gradient of a function of some numbers. */
export function differentiate(
  inputs: readonly number[],
  f: (inputs: readonly Scalar[]) => Scalar,
): { value: number; gradient: number[] } {
  tape = [];
  const leaves = inputs.map((value) => new Scalar(value));
  const result = f(leaves);
  result.gradient = 1;
  for (let i = tape.length - 1; i >= 0; i--) tape[i].pass();
  return { value: result.value, gradient: leaves.map((leaf) => leaf.gradient) };
}

export const fixed = (value: number) => new Scalar(value);

/** Slopes that are not finite do not occur in what is tested; they would be a mistake of the test. */
function made(value: number, parents: readonly Scalar[], slopes: readonly number[]): Scalar {
  return new Scalar(value, parents, slopes);
}

export const plus = (...terms: readonly Scalar[]) => sum(terms);

export function sum(terms: readonly Scalar[]): Scalar {
  return made(
    terms.reduce((total, { value }) => total + value, 0),
    terms,
    terms.map(() => 1),
  );
}

export const minus = (a: Scalar, b: Scalar) => made(a.value - b.value, [a, b], [1, -1]);

/** Times a plain number. */
export const scaled = (a: Scalar, factor: number) => made(a.value * factor, [a], [factor]);

/** Plus a plain number. */
export const shifted = (a: Scalar, by: number) => made(a.value + by, [a], [1]);

export const times = (a: Scalar, b: Scalar) => made(a.value * b.value, [a, b], [b.value, a.value]);

export const over = (a: Scalar, b: Scalar) =>
  made(a.value / b.value, [a, b], [1 / b.value, -a.value / b.value ** 2]);

export const exp = (a: Scalar) => made(Math.exp(a.value), [a], [Math.exp(a.value)]);

export const log = (a: Scalar) => made(Math.log(a.value), [a], [1 / a.value]);

export const sqrt = (a: Scalar) => made(Math.sqrt(a.value), [a], [0.5 / Math.sqrt(a.value)]);

/** The larger of a and a plain number; at equality without slope. */
export const atLeast = (a: Scalar, least: number) =>
  made(Math.max(a.value, least), [a], [a.value > least ? 1 : 0]);

export const sigmoid = (a: Scalar) => {
  const value = 1 / (1 + Math.exp(-a.value));
  return made(value, [a], [value * (1 - value)]);
};

/** Largest of some; equal ones share the slope. */
export function largest(terms: readonly Scalar[]): Scalar {
  const value = Math.max(...terms.map((term) => term.value));
  const winners = terms.filter((term) => term.value === value);
  return made(
    value,
    winners,
    winners.map(() => 1 / winners.length),
  );
}

export const mean = (terms: readonly Scalar[]) =>
  terms.length ? scaled(sum(terms), 1 / terms.length) : fixed(0);

/** log Σ exp, relative to the largest, or it would overflow in float64 as well; −∞ of none. */
export function logSumExp(terms: readonly Scalar[]): Scalar {
  if (terms.length === 0) return fixed(Number.NEGATIVE_INFINITY);
  const most = Math.max(...terms.map((term) => term.value));
  const powers = terms.map((term) => Math.exp(term.value - most));
  const total = powers.reduce((a, b) => a + b, 0);
  return made(
    most + Math.log(total),
    terms,
    powers.map((power) => power / total),
  );
}

/** log(1 + Σ exp) of some. */
export const logOnePlusSum = (terms: readonly Scalar[]) => logSumExp([fixed(0), ...terms]);

export function dot(a: readonly Scalar[], b: readonly Scalar[]): Scalar {
  return made(
    a.reduce((total, { value }, d) => total + value * b[d].value, 0),
    [...a, ...b],
    [...b.map(({ value }) => value), ...a.map(({ value }) => value)],
  );
}

/** x / √max(Σx², 1e-12), as the engine makes unit vectors. */
export function unit(x: readonly Scalar[]): Scalar[] {
  const length = sqrt(atLeast(dot(x, x), 1e-12));
  return x.map((value) => over(value, length));
}
