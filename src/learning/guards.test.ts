import { describe, expect, it } from 'vitest';
import { CollapseGuard, requireFinite } from './guards.js';

const observeTimes = (guard: CollapseGuard, times: number, meanCosine: number) => {
  for (let step = 1; step <= times; step++) guard.observe({ meanCosine }, step);
};

describe('CollapseGuard', () => {
  it('stops a run whose embeddings have been alike for 200 steps, and says since when and what to do', () => {
    const guard = new CollapseGuard();
    observeTimes(guard, 199, 1);
    expect(() => guard.observe({ meanCosine: 1 }, 200)).toThrow(
      expect.objectContaining({
        code: 'training-collapsed',
        message: expect.stringMatching(/^training, step 200: expected .*200 steps.*--learning-rate/),
      }),
    );
  });

  it('goes on counting where an interrupted run had come to', () => {
    const before = new CollapseGuard();
    observeTimes(before, 150, 0.999995);
    const after = new CollapseGuard(before.stepsAlike);
    observeTimes(after, 49, 0.999995);
    expect(() => after.observe({ meanCosine: 0.999995 }, 200)).toThrow(
      expect.objectContaining({ code: 'training-collapsed' }),
    );
  });

  it('starts to count anew after a step with embeddings that differ', () => {
    const guard = new CollapseGuard();
    observeTimes(guard, 199, 0.999995);
    guard.observe({ meanCosine: 0.99998 }, 200);
    observeTimes(guard, 199, 0.999995);
    expect(() => guard.observe({ meanCosine: 0.999995 }, 400)).toThrow(
      expect.objectContaining({ code: 'training-collapsed' }),
    );
  });

  it('lets a run go on whose embeddings are close but not alike, and one whose embeddings cancel', () => {
    observeTimes(new CollapseGuard(), 5000, 0.99998);
    observeTimes(new CollapseGuard(), 5000, 0);
  });
});

describe('requireFinite', () => {
  it('takes any finite numbers', () => {
    requireFinite(Float32Array.of(0, -1, 3.4e38, 1e-45), 1);
    requireFinite([], 1);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    'refuses a loss of %d and names the step',
    (loss) => {
      expect(() => requireFinite([loss], 17)).toThrow(
        expect.objectContaining({
          code: 'training-diverged',
          message: expect.stringMatching(new RegExp(`^training, step 17: .*${loss} in the loss`)),
        }),
      );
    },
  );

  it('finds the one weight among many that is not finite', () => {
    const weights = new Float32Array(100_000);
    weights[99_999] = Number.NaN;
    expect(() => requireFinite(weights, 3)).toThrow(/NaN in the weights/);
  });
});
