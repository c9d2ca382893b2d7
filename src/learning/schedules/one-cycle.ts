import type { Schedule } from './schedule.js';

export interface OneCycleOptions {
  readonly peak: number;
  /** Share of the run that the rise takes. Default 0.2. */
  readonly warmUp?: number;
  /** Learning rate of the first step, as a share of the peak. Default 0.1. */
  readonly start?: number;
  /** Learning rate of the last step, as a share of the peak. Default 0.01. */
  readonly end?: number;
}

/** A straight rise to the peak, then half a cosine down (after Smith and Topin 2018). */
export function oneCycle({ peak, warmUp = 0.2, start = 0.1, end = 0.01 }: OneCycleOptions): Schedule {
  return {
    name: 'one-cycle',
    options: { peak, warmUp, start, end },
    learningRate(step, totalSteps) {
      const done = step / Math.max(1, totalSteps - 1);
      if (done < warmUp) return peak * (start + (1 - start) * (done / warmUp));
      const fall = (done - warmUp) / (1 - warmUp);
      return peak * (end + (1 - end) * 0.5 * (1 + Math.cos(Math.PI * fall)));
    },
  };
}
