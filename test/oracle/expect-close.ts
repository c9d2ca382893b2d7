import { expect } from 'vitest';

/** Smallest float32 above 0 that the engine tells from it: programs flush denormals. */
const smallestNormal = 2 ** -126;

/**
 * Expects numbers to differ from the expected ones by no more than `tolerance` times the largest of those: gradients and
 * sums are judged as vectors, because a component that nearly cancels has no accuracy of its own.
 */
export function expectClose(
  what: string,
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
): void {
  expect(actual.length, `${what}: number of elements`).toBe(expected.length);
  const scale = Math.max(...Array.from(expected, Math.abs).filter(Number.isFinite), smallestNormal);
  let worst = 0;
  let at = 0;
  for (let i = 0; i < expected.length; i++) {
    const difference = actual[i] === expected[i] ? 0 : Math.abs(actual[i] - expected[i]);
    const error = Number.isNaN(difference) ? Infinity : difference / scale;
    if (error > worst) [worst, at] = [error, i];
  }
  expect(worst, `${what}: relative error at ${at}, ${actual[at]} for ${expected[at]}`).toBeLessThanOrEqual(
    tolerance,
  );
}
