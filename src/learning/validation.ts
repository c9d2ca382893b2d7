import type { TrainedNetwork } from './embedding-graph.js';
import type { Statistics } from './reported-statistics.js';

/** How often a run is validated; it always is after its last step. */
export type ValidationCadence = { readonly epochs: number } | { readonly steps: number };

export interface EarlyStopping {
  /** Validations in a row without an improvement after which the run stops. */
  readonly patience: number;
  /** An improvement is a value more than this above the last one that was an improvement. Default 0. */
  readonly minDelta?: number;
}

/** A measurement of the network while it is trained, on images that it is not trained on. */
export interface Validation {
  /** What is measured: larger is better. */
  readonly metric: string;
  readonly every: ValidationCadence;
  /** Default: the run goes to its end. */
  readonly earlyStopping?: EarlyStopping;
  /** Where the run is kept as it was at the best validation. */
  readonly bestCheckpointPath: string;
  /** All that decides what it measures, as plain JSON: a run goes on with the same only. */
  readonly identity: Readonly<Record<string, unknown>>;
  /** Measures the network. Equal weights must give equal values, or a resumed run would not be the same. */
  measure(trained: TrainedNetwork): Promise<Measurement>;
}

export interface Measurement {
  /** Of the metric that decides. */
  readonly value: number;
  /** Other figures worth keeping. */
  readonly statistics: Statistics;
}

/** What a run with this validation must have in common with another to be the same, as plain JSON. */
export function validationIdentity({ metric, every, earlyStopping, identity }: Validation) {
  const { patience, minDelta = 0 } = earlyStopping ?? {};
  return {
    metric,
    every,
    earlyStopping: patience === undefined ? null : { patience, minDelta },
    ...identity,
  };
}

/** What one validation found. */
export interface ValidationRecord extends Measurement {
  /** Steps done. */
  readonly step: number;
  /** The epoch that the step belongs to, from 1. */
  readonly epoch: number;
  readonly metric: string;
  readonly seconds: number;
}

/** Steps from one validation to the next. */
export function validationInterval(every: ValidationCadence, batchesPerEpoch: number): number {
  return 'steps' in every ? every.steps : every.epochs * batchesPerEpoch;
}

/** Whether a validation is to follow a step of the run. */
export function isValidationDue(
  step: number,
  every: ValidationCadence,
  { batchesPerEpoch, totalSteps }: { readonly batchesPerEpoch: number; readonly totalSteps: number },
): boolean {
  if (step === 0) return false;
  return step % validationInterval(every, batchesPerEpoch) === 0 || step === totalSteps;
}

/** The validation with the largest value, the first of equal ones. */
export function bestOf(records: readonly ValidationRecord[]): ValidationRecord | undefined {
  return records.reduce<ValidationRecord | undefined>(
    (best, record) => (best === undefined || record.value > best.value ? record : best),
    undefined,
  );
}

/** Whether a run with these validations has gone without an improvement for too long. */
export function shouldStopEarly(
  records: readonly ValidationRecord[],
  { patience, minDelta = 0 }: EarlyStopping,
): boolean {
  let reference = Number.NEGATIVE_INFINITY;
  let without = 0;
  for (const { value } of records) {
    if (value > reference + minDelta) {
      reference = value;
      without = 0;
    } else {
      without++;
    }
    if (without >= patience) return true;
  }
  return false;
}
