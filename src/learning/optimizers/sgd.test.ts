import { describe, it } from 'vitest';
import { keepsOptimizerContract, runOptimizer } from '../../../test/contracts/optimizer.js';
import { twoSteps } from '../../../test/fixtures/two-steps.js';
import { expectClose } from '../../../test/oracle/expect-close.js';
import { sgd } from './sgd.js';

const float32 = 1e-6;

describe('sgd', () => {
  describe("with Nesterov's momentum", () => keepsOptimizerContract(() => sgd(), { peak: 0.1 }));
  describe('with plain momentum', () =>
    keepsOptimizerContract(() => sgd({ momentum: 0.5, nesterov: false, weightDecay: 0.1 }), { peak: 0.2 }));

  it("takes two steps as worked by hand, with Nesterov's look-ahead", async () => {
    const [first, second] = await runOptimizer(sgd({ momentum: 0.8 }), twoSteps);
    // Velocity 1 is the gradient; the step goes along gradient + 0.8 · velocity.
    expectClose('velocity 1', first.slots[0], [0.5, -2], float32);
    expectClose('parameters 1', first.parameters, [1 - 0.1 * 0.9, -3 + 0.1 * 3.6], float32);
    // Velocity 2 is 0.8 · 0.5 − 1 = −0.6 and 0.8 · −2 − 0.25 = −1.85.
    expectClose('velocity 2', second.slots[0], [-0.6, -1.85], float32);
    const after2 = [0.91 - 0.05 * (-1 - 0.8 * 0.6), -2.64 - 0.05 * (-0.25 - 0.8 * 1.85)];
    expectClose('parameters 2', second.parameters, after2, float32);
  });

  it('takes two steps as worked by hand, with plain momentum', async () => {
    const [first, second] = await runOptimizer(sgd({ momentum: 0.8, nesterov: false }), twoSteps);
    expectClose('parameters 1', first.parameters, [0.95, -2.8], float32);
    expectClose('parameters 2', second.parameters, [0.95 + 0.05 * 0.6, -2.8 + 0.05 * 1.85], float32);
  });

  it.each([true, false])(
    'adds weight decay to the gradient, and so to the velocity, only where weights decay (Nesterov: %s)',
    async (nesterov) => {
      const optimizer = sgd({ momentum: 0.8, nesterov, weightDecay: 0.4 });
      const [first, second] = await runOptimizer(optimizer, { ...twoSteps, decayed: [1, 0] });
      const ahead = (gradient: number, velocity: number) => (nesterov ? gradient + 0.8 * velocity : velocity);

      const full1 = [0.5 + 0.4 * 1, -2];
      const after1 = [1 - 0.1 * ahead(full1[0], full1[0]), -3 - 0.1 * ahead(full1[1], full1[1])];
      expectClose('velocity 1', first.slots[0], full1, float32);
      expectClose('parameters 1', first.parameters, after1, float32);

      const full2 = [-1 + 0.4 * after1[0], -0.25];
      const velocity2 = [0.8 * full1[0] + full2[0], 0.8 * full1[1] + full2[1]];
      const after2 = [
        after1[0] - 0.05 * ahead(full2[0], velocity2[0]),
        after1[1] - 0.05 * ahead(full2[1], velocity2[1]),
      ];
      expectClose('velocity 2', second.slots[0], velocity2, float32);
      expectClose('parameters 2', second.parameters, after2, float32);
    },
  );

  it('is gradient descent without momentum', async () => {
    const [, second] = await runOptimizer(sgd({ momentum: 0 }), twoSteps);
    expectClose('parameters', second.parameters, [1 - 0.1 * 0.5 + 0.05, -3 + 0.1 * 2 + 0.05 * 0.25], float32);
  });
});
