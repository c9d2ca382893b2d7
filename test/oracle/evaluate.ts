import { emitGraph } from '../../src/engine/emit.js';
import { input } from '../../src/engine/ops/input.js';
import { Program, type TensorData } from '../../src/engine/program.js';
import type { DataType, Target, Tensor } from '../../src/engine/tensor.js';
import { topologicalOrder } from '../../src/engine/topological-order.js';
import type { Lowerings } from '../../src/engine/tuning/lowering-choice.js';
import type { NaiveArray } from './naive-array.js';

/** Computes tensors with the engine: parameters become inputs of their name. Returns their elements. */
export async function evaluate(
  tensors: readonly Tensor[],
  values: Readonly<Record<string, NaiveArray>> = {},
  target: Target = 'training',
  lowerings: Lowerings = {},
): Promise<number[][]> {
  const outputs = Object.fromEntries(tensors.map((tensor, i) => [`output ${i}`, tensor]));
  const graph = { outputs, bindings: parametersAsInputs(tensors), target, lowerings };
  const program = await Program.load(emitGraph(graph), { threads: 1 });
  try {
    const feeds = [...program.inputs].map(
      ([name, { dtype }]) => [name, elements(values[name], dtype)] as const,
    );
    const results = await program.run(Object.fromEntries(feeds));
    return tensors.map((_, i) => Array.from(results[`output ${i}`] as ArrayLike<number | bigint>, Number));
  } finally {
    await program.release();
  }
}

function parametersAsInputs(tensors: readonly Tensor[]): Map<Tensor, Tensor> {
  const parameters = topologicalOrder(tensors).filter((node) => node.operation.name === 'parameter');
  return new Map(
    parameters.map(({ attributes, outputs: [tensor] }) => [
      tensor,
      input((attributes as { name: string }).name, 'float32', tensor.shape),
    ]),
  );
}

function elements({ values }: NaiveArray, dtype: DataType): TensorData {
  if (dtype === 'int64') return BigInt64Array.from(values, BigInt);
  return dtype === 'float32' ? Float32Array.from(values) : Uint8Array.from(values);
}
