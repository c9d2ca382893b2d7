import type { Statistics } from './reported-statistics.js';
import type { ValidationRecord } from './validation.js';

/** What one epoch came to. */
export interface EpochRecord {
  /** Counts from 1. */
  readonly epoch: number;
  /** Mean over its steps. */
  readonly loss: number;
  /** Training time, without the time that a run lay stopped, and without validation. */
  readonly seconds: number;
  /** Means over its steps. */
  readonly statistics: Statistics;
}

/** What some steps in a row came to: about ten of these tell of an epoch. */
export interface StepsRecord {
  /** Steps done at the end of them. */
  readonly step: number;
  readonly epoch: number;
  /** Means over these steps. */
  readonly loss: number;
  readonly statistics: Statistics;
  /** Of the last of them. */
  readonly learningRate: number;
}

/** Sums over steps, to take means of. */
export interface Sums {
  readonly count: number;
  readonly loss: number;
  /** By name: sum and number of the finite values, as a loss may have nothing to report of some batches. */
  readonly statistics: Readonly<Record<string, readonly [sum: number, count: number]>>;
}

/** What a run has come to, step by step: plain JSON, a part of every checkpoint. */
export interface TrainingRecord {
  readonly epochs: readonly EpochRecord[];
  readonly steps: readonly StepsRecord[];
  readonly validations: readonly ValidationRecord[];
  /** Of the epoch that is under way. */
  readonly epochSoFar: Sums & { readonly seconds: number };
  /** Of the steps since the last that `steps` tells of. */
  readonly stepsSoFar: Sums;
}

/** One step, as it is told to a hook. */
export interface StepRecord {
  /** Counts from 1. */
  readonly step: number;
  readonly epoch: number;
  readonly loss: number;
  readonly learningRate: number;
  readonly statistics: Statistics;
}

const nothing: Sums = { count: 0, loss: 0, statistics: {} };

/** The record of a run that has not begun. */
export const emptyRecord: TrainingRecord = {
  epochs: [],
  steps: [],
  validations: [],
  epochSoFar: { ...nothing, seconds: 0 },
  stepsSoFar: nothing,
};

const recordsPerEpoch = 10;

/** The record after one step more. */
export function withStep(
  record: TrainingRecord,
  { step, epoch, loss, learningRate, statistics }: StepRecord,
  { batchesPerEpoch, seconds }: { readonly batchesPerEpoch: number; readonly seconds: number },
): TrainingRecord {
  const stepInEpoch = ((step - 1) % batchesPerEpoch) + 1;
  const inEpoch = {
    ...added(record.epochSoFar, loss, statistics),
    seconds: record.epochSoFar.seconds + seconds,
  };
  const inSteps = added(record.stepsSoFar, loss, statistics);
  const epochEnds = stepInEpoch === batchesPerEpoch;
  const stepsEnd = epochEnds || stepInEpoch % Math.ceil(batchesPerEpoch / recordsPerEpoch) === 0;
  return {
    ...record,
    epochSoFar: epochEnds ? { ...nothing, seconds: 0 } : inEpoch,
    stepsSoFar: stepsEnd ? nothing : inSteps,
    ...(epochEnds && {
      epochs: [
        ...record.epochs,
        {
          epoch,
          loss: inEpoch.loss / inEpoch.count,
          seconds: inEpoch.seconds,
          statistics: means(inEpoch),
        },
      ],
    }),
    ...(stepsEnd && {
      steps: [
        ...record.steps,
        { step, epoch, loss: inSteps.loss / inSteps.count, statistics: means(inSteps), learningRate },
      ],
    }),
  };
}

/** Mean loss of the epoch that is under way, or of the last one where none has begun since. */
export function lossOfEpoch({ epochSoFar: { count, loss }, epochs }: TrainingRecord): number {
  return count > 0 ? loss / count : epochs.at(-1)!.loss;
}

/** The record after one validation more. */
export function withValidation(record: TrainingRecord, validation: ValidationRecord): TrainingRecord {
  return { ...record, validations: [...record.validations, validation] };
}

function added({ count, loss: sum, statistics: sums }: Sums, loss: number, statistics: Statistics): Sums {
  const finite = Object.entries(statistics).filter(([, value]) => Number.isFinite(value));
  const next = finite.map(([name, value]) => {
    const [before, values] = sums[name] ?? [0, 0];
    return [name, [before + value, values + 1]] as const;
  });
  return { count: count + 1, loss: sum + loss, statistics: { ...sums, ...Object.fromEntries(next) } };
}

function means({ statistics }: Sums): Statistics {
  return Object.fromEntries(Object.entries(statistics).map(([name, [sum, count]]) => [name, sum / count]));
}
