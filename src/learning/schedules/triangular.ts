import type { Schedule } from './schedule.js';

export interface TriangularOptions {
  readonly peak: number;
  /** Share of the run that the rise takes. Default 0.2. */
  readonly warmUp?: number;
}

/** A straight rise from near 0 to the peak, then a straight fall to near 0 (after Smith 2017); no step has a rate of 0. */
export function triangular({ peak, warmUp = 0.2 }: TriangularOptions): Schedule {
  return {
    name: 'triangular',
    options: { peak, warmUp },
    learningRate(step, totalSteps) {
      const done = (step + 0.5) / totalSteps;
      return peak * (done < warmUp ? done / warmUp : (1 - done) / (1 - warmUp));
    },
  };
}
