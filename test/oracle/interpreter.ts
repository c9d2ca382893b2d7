import type { Node, Tensor } from '../../src/engine/tensor.js';
import { topologicalOrder } from '../../src/engine/topological-order.js';
import type { NaiveArray } from './naive-array.js';
import type { NaiveRule } from './naive-rule.js';
import { naiveRules } from './operations/index.js';

/** Operations whose value comes from outside, by name. */
const leaves = new Set(['input', 'noise', 'parameter']);

/**
 * Computes tensors of an engine's graph in float64, one operation after the other by plain loops: what the engine's
 * ONNX programs and gradient rules are held against. It knows the graph, but nothing of how it is written in ONNX.
 *
 * @param values of parameters, inputs and noise, by name
 */
export function interpret(
  outputs: readonly Tensor[],
  values: Readonly<Record<string, NaiveArray>>,
): readonly NaiveArray[] {
  const known = new Map<Tensor, NaiveArray>();
  for (const node of topologicalOrder(outputs)) {
    const results = evaluate(
      node,
      node.inputs.map((input) => known.get(input)!),
      values,
    );
    for (const [i, output] of node.outputs.entries()) known.set(output, results[i]);
  }
  return outputs.map((output) => known.get(output)!);
}

function evaluate(
  { operation, attributes }: Node,
  inputs: readonly NaiveArray[],
  values: Readonly<Record<string, NaiveArray>>,
): readonly NaiveArray[] {
  if (leaves.has(operation.name)) {
    const { name } = attributes as { name: string };
    if (!(name in values)) throw new Error(`no value for ${operation.name} '${name}'`);
    return [values[name]];
  }
  const rule = (naiveRules as Record<string, NaiveRule<never>>)[operation.name];
  if (!rule) throw new Error(`no naive rule for operation '${operation.name}'`);
  return rule(inputs, attributes as never);
}
