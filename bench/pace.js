// @ts-check

/**
 * Warms a side up and finds how many steps fill some time: 1, 1, 2, 4, ... steps until they take a quarter of it.
 *
 * @param {import('./step-process.js').StepProcess} side
 * @param {number} seconds
 * @returns {Promise<{ steps: number, secondsPerStep: number }>}
 */
export async function pace(side, seconds) {
  await side.time(1);
  for (let steps = 1; ; steps *= 2) {
    const timing = await side.time(steps);
    if (timing.seconds < seconds / 4) continue;
    const secondsPerStep = timing.seconds / timing.steps;
    return { steps: Math.max(1, Math.round(seconds / secondsPerStep)), secondsPerStep };
  }
}
