import { describe, expect, it } from 'vitest';
import { keepsOptimizerContract, runOptimizer } from '../../../test/contracts/optimizer.js';
import { naiveOrthogonalized, product, turned } from '../../../test/oracle/newton-schulz.js';
import { Random } from '../../core/random.js';
import { symmetricEigen } from '../symmetric-eigen.js';
import { type MuonOptions, muon } from './muon.js';

const random = Random.of(2, 'muon');
const draw = (length: number) => Array.from({ length }, () => random.normal());

/** A kernel that reads more than it gives, a layer that gives more than it reads, and offsets. */
const places = [
  { name: 'kernel', shape: [2, 2, 2, 3], offset: 0 },
  { name: 'linear', shape: [2, 5], offset: 24 },
  { name: 'offset', shape: [2], offset: 34 },
];
const start = draw(36);
const gradients = [draw(36), draw(36)];
const run = {
  start,
  places,
  gradient: (_: readonly number[], step: number) => gradients[step - 1],
  learningRate: (step: number) => 0.1 / step,
  steps: 2,
};

/** Muon by plain loops: parameters and velocities after each step, every number apart. */
function naiveMuon(options: Required<MuonOptions>, rates: readonly number[]) {
  const velocity: number[] = new Array(36).fill(0);
  let now = [...start];
  return gradients.map((gradient, i) => {
    const next = [...now];
    for (const { name, offset, shape } of places) {
      const isMatrix = name === 'kernel' || (name === 'linear' && options.matrices === 'weights');
      const kept = isMatrix ? options.momentum : options.otherMomentum;
      const rate = (0.1 / (i + 1)) * (isMatrix ? 1 : options.otherRate);
      const length = shape.reduce((count, d) => count * d, 1);
      const direction: number[] = [];
      for (let k = offset; k < offset + length; k++) {
        velocity[k] = kept * velocity[k] + gradient[k];
        direction.push(gradient[k] + kept * velocity[k]);
      }
      const out = shape.at(-1)!;
      const rows = Array.from({ length: length / out }, (_, r) => direction.slice(r * out, (r + 1) * out));
      const update = isMatrix ? naiveOrthogonalized(rows, options.iterations).flat() : direction;
      const values = now.slice(offset, offset + length);
      const toNorm = isMatrix && options.rescaled ? Math.sqrt(out) / Math.hypot(...values) : 1;
      const stretch = isMatrix && !options.rescaled ? Math.sqrt(Math.max(1, (out * out) / length)) : 1;
      for (const [k, value] of values.entries())
        next[offset + k] = value * toNorm - rate * rates[offset + k] * stretch * update[k];
    }
    now = next;
    return { parameters: now, velocity: [...velocity] };
  });
}

const defaults = {
  momentum: 0.6,
  iterations: 3,
  matrices: 'kernels',
  rescaled: true,
  otherRate: 0.5,
  otherMomentum: 0.85,
} as const;

describe('muon', () => {
  // The contract's parameters are a vector: what is no matrix.
  keepsOptimizerContract(() => muon({ otherRate: 1 }), { peak: 0.1 });

  it.each<Required<MuonOptions>>([
    defaults,
    { ...defaults, iterations: 5, momentum: 0, otherRate: 1, otherMomentum: 0 },
    { ...defaults, rescaled: false, momentum: 0.95 },
    { ...defaults, rescaled: false, matrices: 'weights' },
    { ...defaults, matrices: 'weights' },
  ])('takes the steps of its equations, with %j', async (options) => {
    for (const rates of [
      undefined,
      start.map((_, k) => [1, 0.25, 64][places.filter((p) => p.offset <= k).length - 1]),
    ]) {
      const moments = await runOptimizer(muon(options), { ...run, ...(rates && { rates }) });
      for (const [i, naive] of naiveMuon(options, rates ?? start.map(() => 1)).entries()) {
        for (const [k, value] of naive.parameters.entries())
          expect(moments[i].parameters[k]).toBeCloseTo(value, 4);
        for (const [k, value] of naive.velocity.entries())
          expect(moments[i].slots[0][k]).toBeCloseTo(value, 5);
      }
    }
  });

  it('moves a kernel alike in all directions, however different the gradient is along them', async () => {
    const kernel = { start: start.slice(0, 24), places: places.slice(0, 1) };
    const stretched = gradients[0].slice(0, 24).map((g, k) => g * [1, 5, 20][k % 3]);
    const [moment] = await runOptimizer(muon({ iterations: 5, momentum: 0, rescaled: false }), {
      ...run,
      ...kernel,
      gradient: () => stretched,
      learningRate: () => 1,
      steps: 1,
    });
    const update = kernel.start.map((value, k) => value - moment.parameters[k]);
    const rows = Array.from({ length: 8 }, (_, r) => update.slice(r * 3, (r + 1) * 3));
    for (const square of symmetricEigen(product(turned(rows), rows)).values) {
      expect(Math.sqrt(square)).toBeGreaterThan(0.6);
      expect(Math.sqrt(square)).toBeLessThan(1.3);
    }
  });

  it.each([
    { layout: 'NCHW', rescaled: true },
    { layout: 'NCHW', rescaled: false },
    { layout: 'CHWN', rescaled: true },
  ] as const)('moves the kernels of $layout as those of NHWC (rescaled: $rescaled)', async (given) => {
    const { layout, rescaled } = given;
    // [places · in, out] of 4 · 2 × 3, and the same weights as [out, in, places].
    const toNchw = (values: readonly number[]) =>
      Array.from({ length: 24 }, (_, at) => {
        const [out, read, place] = [Math.floor(at / 8), Math.floor(at / 4) % 2, at % 4];
        return values[(place * 2 + read) * 3 + out];
      });
    const kernelOf = (turn: (values: readonly number[]) => number[]) => ({
      ...run,
      start: turn(start.slice(0, 24)),
      gradient: (_: readonly number[], step: number) => turn(gradients[step - 1].slice(0, 24)),
    });
    const optimizer = muon({ rescaled });
    const nhwc = await runOptimizer(optimizer, {
      ...kernelOf((values) => [...values]),
      places: places.slice(0, 1),
    });
    const nchw = await runOptimizer(optimizer, {
      ...kernelOf(toNchw),
      places: [{ name: 'kernel', shape: [3, 2, 2, 2], offset: 0 }],
      layout,
    });
    for (const [i, value] of toNchw(nhwc[1].parameters).entries())
      expect(nchw[1].parameters[i]).toBeCloseTo(value, 5);
  });

  it('stays finite where a gradient or a kernel is zero', async () => {
    const zeros = start.map(() => 0);
    const moments = await runOptimizer(muon(), { ...run, start: zeros, gradient: () => zeros });
    for (const { parameters } of moments) expect(parameters).toEqual(zeros);
  });
});
