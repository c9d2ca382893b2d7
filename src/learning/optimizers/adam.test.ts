import { describe, expect, it } from 'vitest';
import { keepsOptimizerContract, runOptimizer } from '../../../test/contracts/optimizer.js';
import { twoSteps } from '../../../test/fixtures/two-steps.js';
import { expectClose } from '../../../test/oracle/expect-close.js';
import { adam, adamW } from './adam.js';

const float32 = 1e-6;

describe('adam', () => {
  keepsOptimizerContract(() => adam(), { peak: 0.3 });

  it('takes two steps as worked by hand, with ε added to the root that is not corrected for bias', async () => {
    const [first, second] = await runOptimizer(adam({ epsilon: 0.01 }), twoSteps);

    const mean1 = [0.1 * 0.5, 0.1 * -2];
    const square1 = [0.001 * 0.25, 0.001 * 4];
    const size1 = (0.1 * Math.sqrt(0.001)) / 0.1;
    const after1 = [
      1 - (size1 * mean1[0]) / (Math.sqrt(square1[0]) + 0.01),
      -3 - (size1 * mean1[1]) / (Math.sqrt(square1[1]) + 0.01),
    ];
    const meansOf = ([sum, sumOfSquares]: readonly (readonly number[])[]) => [
      sum.map((value) => 0.1 * value),
      sumOfSquares.map((value) => 0.001 * value),
    ];
    expectClose('means 1', meansOf(first.slots).flat(), [...mean1, ...square1], float32);
    expectClose('parameters 1', first.parameters, after1, float32);
    // With ε added to the corrected root (PyTorch's form) the first would be 1 − 0.1 · 0.5/0.51 = 0.902.
    expect(first.parameters[0]).toBeCloseTo(0.938743, 6);

    const mean2 = [0.9 * 0.05 - 0.1 * 1, 0.9 * -0.2 - 0.1 * 0.25];
    const square2 = [0.999 * 0.00025 + 0.001 * 1, 0.999 * 0.004 + 0.001 * 0.0625];
    const size2 = (0.05 * Math.sqrt(1 - 0.999 ** 2)) / (1 - 0.81);
    const after2 = [
      after1[0] - (size2 * mean2[0]) / (Math.sqrt(square2[0]) + 0.01),
      after1[1] - (size2 * mean2[1]) / (Math.sqrt(square2[1]) + 0.01),
    ];
    expectClose('means 2', meansOf(second.slots).flat(), [...mean2, ...square2], float32);
    expectClose('parameters 2', second.parameters, after2, float32);
  });

  it('takes a first step of the learning rate, whatever the size of the gradient', async () => {
    const [{ parameters }] = await runOptimizer(adam(), {
      start: [0, 0, 0],
      gradient: () => [1e-2, -7, 1e4],
      learningRate: () => 0.01,
      steps: 1,
    });
    for (const [i, value] of [-0.01, 0.01, -0.01].entries()) expect(parameters[i]).toBeCloseTo(value, 5);
  });

  it('leaves weights that a decay would shrink alone', async () => {
    const [{ parameters }] = await runOptimizer(adam(), {
      start: [1, 1],
      gradient: () => [0, 0],
      learningRate: () => 1,
      steps: 1,
      decayed: [1, 1],
    });
    expect(parameters).toEqual([1, 1]);
  });
});

describe('adamW', () => {
  keepsOptimizerContract(() => adamW({ weightDecay: 0.1 }), { peak: 0.3 });

  it('takes two steps as worked by hand, shrinking by learning rate · decay only where weights decay', async () => {
    const optimizer = adamW({ beta1: 0.8, beta2: 0.5, epsilon: 1e-3, weightDecay: 0.2 });
    const [first, second] = await runOptimizer(optimizer, { ...twoSteps, decayed: [1, 0] });

    const size1 = (0.1 * Math.sqrt(0.5)) / 0.2;
    const after1 = [
      1 - 0.1 * 0.2 * 1 - (size1 * 0.1) / (Math.sqrt(0.125) + 1e-3),
      -3 + (size1 * 0.4) / (Math.sqrt(2) + 1e-3),
    ];
    expectClose('parameters 1', first.parameters, after1, float32);

    const size2 = (0.05 * Math.sqrt(0.75)) / 0.36;
    const after2 = [
      after1[0] * (1 - 0.05 * 0.2) -
        (size2 * (0.8 * 0.1 - 0.2 * 1)) / (Math.sqrt(0.5 * 0.125 + 0.5 * 1) + 1e-3),
      after1[1] - (size2 * (0.8 * -0.4 - 0.2 * 0.25)) / (Math.sqrt(0.5 * 2 + 0.5 * 0.0625) + 1e-3),
    ];
    expectClose('parameters 2', second.parameters, after2, float32);
    expectClose('sum 2', second.slots[0], [0.8 * 0.5 - 1, 0.8 * -2 - 0.25], float32);
  });

  it('keeps the decay out of the sums, which see the gradient alone', async () => {
    const run = { ...twoSteps, decayed: [1, 1] };
    const [plain] = await runOptimizer(adam(), run);
    const [decaying] = await runOptimizer(adamW({ weightDecay: 0.3 }), run);
    expect(decaying.slots).toEqual(plain.slots);
    expect(decaying.parameters).not.toEqual(plain.parameters);
  });

  it('is adam where the weight decay is 0', async () => {
    const run = { ...twoSteps, decayed: [1, 1] };
    expect(await runOptimizer(adamW({ weightDecay: 0 }), run)).toEqual(await runOptimizer(adam(), run));
  });
});
