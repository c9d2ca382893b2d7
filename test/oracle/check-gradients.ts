import { expect } from 'vitest';
import { gradients } from '../../src/engine/gradients.js';
import { add } from '../../src/engine/ops/add.js';
import { constant } from '../../src/engine/ops/constant.js';
import { multiply } from '../../src/engine/ops/multiply.js';
import { parameter } from '../../src/engine/ops/parameter.js';
import { sum } from '../../src/engine/ops/sum.js';
import { staticShape } from '../../src/engine/shape.js';
import { Tensor } from '../../src/engine/tensor.js';
import { evaluate } from './evaluate.js';
import { expectClose } from './expect-close.js';
import { interpret } from './interpreter.js';
import type { NaiveArray } from './naive-array.js';
import { randomArray } from './random-array.js';

type Values = Readonly<Record<string, NaiveArray>>;

export interface GradientCheck {
  readonly parameters: Values;
  /** Values of inputs and noise, by name. */
  readonly inputs?: Values;
  /** The tensors to check, of any shape. */
  readonly build: (parameters: Readonly<Record<string, Tensor>>) => Tensor | readonly Tensor[];
  /** Allowed error of the engine, relative to the largest element. */
  readonly tolerance?: number;
}

/**
 * Float32 holds 6e-8 of a number; sums of some dozens of products and ONNX Runtime's polynomials for exp and erf lose a
 * decimal on top.
 */
export const float32Tolerance = 2e-6;

/**
 * Central differences with a step h of 1e-5 of the largest element err by about h² (the third derivative) and 1e-16/h
 * (rounding), 1e-10 each; gradients may be a thousand times smaller than the loss.
 */
const relativeStep = 1e-5;
const differenceTolerance = 1e-7;

/**
 * Expects of the tensors that `build` makes of parameters, that
 * - the engine computes what the interpreter does;
 * - their gradient rules, interpreted in float64, agree with central differences of the interpreter;
 * - so do the gradients that the engine computes in float32.
 *
 * The gradients are those of a sum of all elements with random weights, so that every element matters, and on its own.
 */
export async function checkGradients(check: GradientCheck): Promise<void> {
  const { parameters, inputs = {}, build, tolerance = float32Tolerance } = check;
  const names = Object.keys(parameters);
  const leaves = names.map((name) => parameter(name, parameters[name].shape));
  const built = build(Object.fromEntries(names.map((name, i) => [name, leaves[i]])));
  const tensors = built instanceof Tensor ? [built] : built;
  const loss = weightedSum(tensors);
  const derived = gradients(loss, leaves);
  const values = { ...inputs, ...parameters };

  const naive = interpret([...tensors, ...derived], values);
  const engine = await evaluate([...tensors, ...derived], values);

  for (const i of tensors.keys()) expectClose(`value ${i}`, engine[i], naive[i].values, tolerance);
  for (const [p, name] of names.entries()) {
    const differences = centralDifferences(loss, values, name);
    const i = tensors.length + p;
    expect(derived[p].shape).toEqual(parameters[name].shape);
    expectClose(`gradient rule for ${name}`, naive[i].values, differences, differenceTolerance);
    expectClose(`gradient for ${name}`, engine[i], differences, tolerance + differenceTolerance);
  }
}

/** Expects the engine to compute what the interpreter does. */
export async function checkValues(
  tensors: readonly Tensor[],
  values: Values = {},
  tolerance = float32Tolerance,
): Promise<void> {
  const naive = interpret(tensors, values);
  const engine = await evaluate(tensors, values);
  for (const i of tensors.keys()) expectClose(`value ${i}`, engine[i], naive[i].values, tolerance);
}

function weightedSum(tensors: readonly Tensor[]): Tensor {
  const parts = tensors.map((tensor, i) => {
    const shape = staticShape('weighted sum', tensor);
    const weights = randomArray(shape, { stream: `weights ${i}` });
    return sum(multiply(tensor, constant(weights.values, shape)));
  });
  return parts.reduce(add);
}

/** (f(x + h) − f(x − h)) / 2h for every element of one value. */
function centralDifferences(loss: Tensor, values: Values, name: string): Float64Array {
  const { shape, values: centre } = values[name];
  const step = relativeStep * (Math.max(...centre.map(Math.abs)) || 1);
  return centre.map((value, i) => {
    const lossAt = (moved: number) =>
      interpret([loss], { ...values, [name]: { shape, values: centre.with(i, moved) } })[0].values[0];
    return (lossAt(value + step) - lossAt(value - step)) / (2 * step);
  });
}
