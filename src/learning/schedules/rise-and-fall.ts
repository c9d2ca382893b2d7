import type { Schedule } from './schedule.js';

export interface RiseAndFallOptions {
  readonly peak: number;
  /** Share of the run that the rise takes, in [0, 1]. */
  readonly warmUp?: number;
  /** Rate that the rise starts from, as a share of the peak. Default 0. */
  readonly start?: number;
  /** Rate that the fall ends at, as a share of the peak; with 1 the rate stays at its peak. Default 0. */
  readonly final?: number;
}

/**
 * A straight rise to the peak, then a fall along a curve. Every step has the rate of its middle, so that none has a rate
 * of 0.
 *
 * @param curve height of the fall in [0, 1], by the share of it that is still to come
 */
export function riseAndFall(
  name: string,
  options: Required<RiseAndFallOptions>,
  curve: (left: number) => number,
): Schedule {
  const { peak, warmUp, start, final } = options;
  return {
    name,
    options: { ...options },
    learningRate(step, totalSteps) {
      const done = (step + 0.5) / totalSteps;
      return done < warmUp
        ? peak * (start + (1 - start) * (done / warmUp))
        : peak * (final + (1 - final) * curve((1 - done) / (1 - warmUp)));
    },
  };
}
