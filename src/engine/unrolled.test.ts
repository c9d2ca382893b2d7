import { describe, expect, it } from 'vitest';
import { onBehalfOf, recordCallSites } from './call-site.js';
import { add } from './ops/add.js';
import { constant } from './ops/constant.js';
import { input } from './ops/input.js';
import { multiply } from './ops/multiply.js';
import { noise } from './ops/noise.js';
import { parameter } from './ops/parameter.js';
import { Program } from './program.js';
import type { Tensor } from './tensor.js';
import { atTime, unrolled } from './unrolled.js';

const scalar = (name: string) => input(name, 'float32', []);
const floats = (values: Record<string, number>) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, Float32Array.of(value)]));

async function run(
  outputs: Record<string, Tensor>,
  values: Record<string, number>,
  bindings = new Map<Tensor, Tensor>(),
) {
  const program = await Program.compile({ outputs, bindings }, { threads: 1 });
  try {
    expect([...program.inputs.keys()].sort()).toEqual(Object.keys(values).sort());
    const results = await program.run(floats(values));
    return Object.fromEntries(Object.entries(results).map(([name, [value]]) => [name, Number(value)]));
  } finally {
    await program.release();
  }
}

/** state ← 2·state + x + noise, through a parameter that is bound to the state; y = state before · x. */
function recurrence() {
  const state = scalar('state');
  const weight = parameter('weight', []);
  const next = add(add(multiply(weight, constant(2)), scalar('x')), noise('n', []));
  const y = multiply(weight, scalar('z'));
  return {
    outputs: { y, next },
    bindings: new Map([[weight, state]]),
    carried: new Map([['state', 'next']]),
  };
}

describe('unrolled', () => {
  it('carries on from time to time what comes out, and takes and gives all else each time', async () => {
    const graph = recurrence();
    const outputs = unrolled(graph, 3);
    const values = {
      state: 1,
      ...{ x: 10, 'x@1': 20, 'x@2': 30 },
      ...{ z: 1, 'z@1': 2, 'z@2': 3 },
      ...{ 'noise:n': 0.5, 'noise:n@1': 0.25, 'noise:n@2': 0.125 },
    };
    // 1 → 12.5 → 45.25 → 120.625
    expect(await run(outputs, values, graph.bindings)).toEqual({
      y: 1,
      'y@1': 25,
      'y@2': 135.75,
      next: 120.625,
    });
  });

  it('is the graph itself for one time', () => {
    const graph = recurrence();
    expect(unrolled(graph, 1)).toEqual(graph.outputs);
  });

  it('hands on what is carried from one to another, each as it was before', async () => {
    const [a, b] = [scalar('a'), scalar('b')];
    const graph = {
      outputs: { nextA: b, nextB: add(a, b) },
      carried: new Map([
        ['a', 'nextA'],
        ['b', 'nextB'],
      ]),
    };
    // Fibonacci: (0, 1) → (1, 1) → (1, 2) → (2, 3) → (3, 5)
    expect(await run(unrolled(graph, 4), { a: 0, b: 1 })).toEqual({ nextA: 3, nextB: 5 });
  });

  it('names each time but the first', () => {
    expect([0, 1, 12].map((time) => atTime('loss', time))).toEqual(['loss', 'loss@1', 'loss@12']);
  });

  it('keeps the lines that applied the operations', () => {
    recordCallSites(true);
    try {
      const outputs = unrolled(onBehalfOf('models/seed.ts:3', recurrence), 2);
      expect(outputs['y@1'].node.source).toBe('∂models/seed.ts:3');
    } finally {
      recordCallSites(false);
    }
  });
});
