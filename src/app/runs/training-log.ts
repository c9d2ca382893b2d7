import type { EpochRecord, TrainingRecord } from '../../learning/training-record.js';

/** One line of a log, told apart by `kind`. */
export type LogLine = { readonly kind: 'steps' | 'epoch' | 'validation'; readonly step: number } & Readonly<
  Record<string, unknown>
>;

/**
 * A log, one line of JSON per epoch and validation, and per tenth of an epoch where `steps` are wanted: in the order in which
 * things happened.
 */
export function logText(
  { epochs, steps, validations }: TrainingRecord,
  { batchesPerEpoch, withSteps }: { readonly batchesPerEpoch: number; readonly withSteps: boolean },
): string {
  const lines: LogLine[] = [
    ...(withSteps ? steps.map((record) => ({ kind: 'steps' as const, ...record })) : []),
    ...epochs.map(({ epoch, ...rest }) => ({
      kind: 'epoch' as const,
      epoch,
      step: epoch * batchesPerEpoch,
      ...rest,
    })),
    ...validations.map((record) => ({ kind: 'validation' as const, ...record })),
  ];
  return lines
    .sort((a, b) => a.step - b.step)
    .map((line) => `${JSON.stringify(line)}\n`)
    .join('');
}

/** The lines of a log that can be read: another program may have cut the last. */
export function parseLog(text: string): LogLine[] {
  return text.split('\n').flatMap((line) => {
    try {
      const parsed = JSON.parse(line) as LogLine | null;
      return parsed?.kind === undefined ? [] : [parsed];
    } catch {
      return [];
    }
  });
}

/** The epochs of a finished run by its log; without times where the log is gone or another run's. */
export function epochsIn(text: string, lossByEpoch: readonly number[]): EpochRecord[] {
  const logged = parseLog(text).filter(({ kind }) => kind === 'epoch') as unknown as EpochRecord[];
  return lossByEpoch.map((loss, i) => {
    const found = logged[i];
    return found?.loss === loss ? found : { epoch: i + 1, loss, seconds: 0, statistics: {} };
  });
}
