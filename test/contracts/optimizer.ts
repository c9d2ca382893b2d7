import { describe, expect, it } from 'vitest';
import { input, type Layout, type ParameterPlace, Program } from '../../src/engine/index.js';
import type { Optimizer } from '../../src/learning/optimizers/optimizer.js';

export interface OptimizerRun {
  readonly start: readonly number[];
  /** The gradient of a step, which counts from 1. */
  readonly gradient: (parameters: readonly number[], step: number) => readonly number[];
  readonly learningRate: (step: number) => number;
  readonly steps: number;
  /** 1 where weight decay applies. Default: nowhere. */
  readonly decayed?: readonly number[];
  /** Parameters in the flat vector. Default: one vector. */
  readonly places?: readonly ParameterPlace[];
  /** Multiples of the learning rate. Default: none are given. */
  readonly rates?: readonly number[];
  /** Of the network. Default NHWC. */
  readonly layout?: Layout;
}

export interface OptimizerMoment {
  readonly parameters: readonly number[];
  readonly slots: readonly (readonly number[])[];
}

/** Parameters and slots after each step of an optimizer, whose slots start as zeros. */
export async function runOptimizer(optimizer: Optimizer, run: OptimizerRun): Promise<OptimizerMoment[]> {
  const { start, gradient, learningRate, steps, decayed = start.map(() => 0) } = run;
  const { places = [{ name: 'all', shape: [start.length], offset: 0 }], layout = 'NHWC', rates } = run;
  const vector = (name: string) => input(name, 'float32', [start.length]);
  const next = optimizer.build({
    parameters: vector('parameters'),
    gradient: vector('gradient'),
    slots: optimizer.slots.map((name) => vector(name)),
    scalars: optimizer.scalars(1, 0).map((_, i) => input(`scalar ${i}`, 'float32', [])),
    decayed: vector('decayed'),
    ...(rates && { rates: vector('rates') }),
    places,
    layout,
  });
  const outputs = Object.fromEntries(next.slots.map((slot, i) => [`next ${optimizer.slots[i]}`, slot]));
  const program = await Program.compile(
    { outputs: { ...outputs, 'next parameters': next.parameters } },
    { threads: 1 },
  );
  try {
    const moments: OptimizerMoment[] = [];
    let now: OptimizerMoment = { parameters: start, slots: optimizer.slots.map(() => start.map(() => 0)) };
    for (let step = 1; step <= steps; step++) {
      const feeds: Record<string, readonly number[]> = {
        parameters: now.parameters,
        gradient: gradient(now.parameters, step),
        decayed,
        ...(rates && { rates }),
      };
      for (const [i, name] of optimizer.slots.entries()) feeds[name] = now.slots[i];
      for (const [i, value] of optimizer.scalars(step, learningRate(step)).entries())
        feeds[`scalar ${i}`] = [value];
      const results = await program.run(
        Object.fromEntries(Object.entries(feeds).map(([name, values]) => [name, Float32Array.from(values)])),
      );
      const numbers = (name: string) => Array.from(results[name] as Float32Array);
      now = {
        parameters: numbers('next parameters'),
        slots: optimizer.slots.map((name) => numbers(`next ${name}`)),
      };
      moments.push(now);
    }
    return moments;
  } finally {
    await program.release();
  }
}

/** What every optimizer owes the training step. `peak` is a learning rate that suits a quadratic of curvature 0.5 to 4. */
export function keepsOptimizerContract(make: () => Optimizer, { peak }: { readonly peak: number }): void {
  describe('the contract of optimizers', () => {
    const lowest = [1, -2, 0.5, 0];
    const curvature = [0.5, 1, 4, 2];
    const quadratic = {
      start: [4, 3, -2, 0],
      gradient: (x: readonly number[]) => x.map((value, i) => curvature[i] * (value - lowest[i])),
    };

    it('describes itself in plain JSON', () => {
      const { name, options } = make();
      expect(name).not.toBe('');
      expect(JSON.parse(JSON.stringify(options))).toEqual(options);
    });

    it('names each of its slots once', () => {
      const { slots } = make();
      expect(new Set(slots).size).toBe(slots.length);
    });

    it('gives the same number of finite scalars in every step, the hundred-thousandth included', () => {
      const { scalars } = make();
      const lengths = [1, 2, 1000, 100_000].map((step) => {
        const values = scalars(step, 0.01);
        expect(values.every(Number.isFinite)).toBe(true);
        return values.length;
      });
      expect(new Set(lengths).size).toBe(1);
    });

    it.each([1, 5])('keeps the shapes of parameters and slots, for %d parameters', async (count) => {
      const optimizer = make();
      const start = Array.from({ length: count }, (_, i) => i + 1);
      const [moment] = await runOptimizer(optimizer, {
        start,
        gradient: () => start,
        learningRate: () => peak,
        steps: 1,
      });
      expect(moment.parameters.length).toBe(count);
      expect(moment.slots.map((slot) => slot.length)).toEqual(optimizer.slots.map(() => count));
    });

    it('moves nothing by a gradient of zero, with slots of zeros and no weight that decays', async () => {
      const [moment] = await runOptimizer(make(), {
        start: quadratic.start,
        gradient: (x) => x.map(() => 0),
        learningRate: () => peak,
        steps: 1,
      });
      expect(moment.parameters).toEqual(quadratic.start);
      for (const slot of moment.slots) expect(slot).toEqual([0, 0, 0, 0]);
    });

    it('moves against the gradient in its first step', async () => {
      const gradient = [3, -0.02, 1e-3, -500];
      const [moment] = await runOptimizer(make(), {
        start: [0, 0, 0, 0],
        gradient: () => gradient,
        learningRate: () => peak,
        steps: 1,
      });
      expect(moment.parameters.map(Math.sign)).toEqual(gradient.map((value) => -Math.sign(value)));
    });

    it('finds the lowest point of a quadratic', async () => {
      const steps = 300;
      const moments = await runOptimizer(make(), {
        ...quadratic,
        learningRate: (step) => peak * (1 - (step - 1) / steps),
        steps,
      });
      for (const [i, value] of moments.at(-1)!.parameters.entries())
        expect(Math.abs(value - lowest[i])).toBeLessThan(1e-3);
    });

    it('moves each element as it would by its own multiple of the learning rate, and one of 0 not at all', async () => {
      const multiples = [1, 0.25, 8, 0];
      const run = { ...quadratic, learningRate: () => peak / 8, steps: 3, decayed: [1, 1, 1, 1] };
      const moments = await runOptimizer(make(), { ...run, rates: multiples });
      for (const [i, multiple] of multiples.entries()) {
        const alone = await runOptimizer(make(), { ...run, learningRate: () => (peak / 8) * multiple });
        for (const [step, { parameters }] of alone.entries())
          expect(moments[step].parameters[i]).toBeCloseTo(parameters[i], 5);
      }
      expect(moments[2].parameters[3]).toBe(quadratic.start[3]);
      expect(moments[2].parameters[2]).not.toBe(quadratic.start[2]);
    });

    it('does the same, bit for bit, when run again', async () => {
      const run = { ...quadratic, learningRate: () => peak, steps: 5 };
      expect(await runOptimizer(make(), run)).toEqual(await runOptimizer(make(), run));
    });

    it('survives gradients as small and as large as training meets', async () => {
      const gradient = [1e-20, -1e-10, 1e4, -1e10];
      const moments = await runOptimizer(make(), {
        start: [1, 1, 1, 1],
        gradient: () => gradient,
        learningRate: () => 1e-3,
        steps: 3,
      });
      expect(moments.at(-1)!.parameters.every(Number.isFinite)).toBe(true);
    });
  });
}
