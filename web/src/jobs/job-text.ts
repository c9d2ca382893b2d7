import type { Job } from '../api.js';
import { bytes, count, duration } from '../ui/format.js';

/** What a kind of job does, as a title. */
export const jobTitles: Readonly<Record<Job['kind'], string>> = {
  upload: 'Take in files',
  add: 'Look through the sources',
  reindex: 'Rebuild the index',
  evaluate: 'Evaluate',
  map: 'Map the collection',
  duplicates: 'Look for duplicates',
  trash: 'Move to the trash',
  restore: 'Restore from the trash',
};

export const stateNames: Readonly<Record<Job['state'], string>> = {
  queued: 'Waiting',
  running: 'Running',
  done: 'Done',
  failed: 'Failed',
  cancelled: 'Cancelled',
  interrupted: 'Interrupted',
};

type Progress = NonNullable<Job['progress']>;

/** How far it is, from 0 to 1; `undefined` where nobody knows. */
export function shareDone({ done, total }: Pick<Progress, 'done' | 'total'>): number | undefined {
  return total ? Math.min(1, done / total) : undefined;
}

/** `3,200 of 10,000 images` */
export function progressText({ done, total, unit }: Pick<Progress, 'done' | 'total' | 'unit'>): string {
  return `${count(done)}${total === null ? '' : ` of ${count(total)}`} ${unit}`;
}

/** `210 images/s`; slow work by the minute. */
export function rateText({ rate, unit }: Pick<Progress, 'rate' | 'unit'>): string | undefined {
  if (rate === null || rate <= 0) return undefined;
  if (rate < 0.5) return `${count(Number((60 * rate).toPrecision(2)))} ${unit}/min`;
  return `${count(rate < 10 ? Number(rate.toFixed(1)) : Math.round(rate))} ${unit}/s`;
}

/** `about 3 min 20 s left` */
export function leftText({ secondsLeft }: Pick<Progress, 'secondsLeft'>): string | undefined {
  if (secondsLeft === null) return undefined;
  if (secondsLeft < 1.5) return 'almost done';
  // Seconds of something that takes minutes would only flicker.
  const rounded = secondsLeft > 90 ? Math.round(secondsLeft / 10) * 10 : secondsLeft;
  return `about ${duration(rounded)} left`;
}

export interface Figure {
  readonly name: string;
  readonly value: string;
}

/** The figures of a result; what is no figure, and what is nothing, is left out. */
export function resultFigures(result: Job['result']): Figure[] {
  return Object.entries(result ?? {}).flatMap(([name, value]) => {
    if (name === 'seconds') return [];
    if (typeof value === 'number' && Number.isFinite(value) && value !== 0) {
      return [{ name: words(name), value: valueText(name, value) }];
    }
    // Paths and names of files belong to whoever looks for them; a word says something here.
    return typeof value === 'string' && /^[\w-]{1,20}$/.test(value) ? [{ name: words(name), value }] : [];
  });
}

function valueText(name: string, value: number): string {
  if (/bytes$/i.test(name)) return bytes(value);
  if (/seconds$/i.test(name)) return duration(value);
  return Number.isInteger(value) ? count(value) : String(Number(value.toPrecision(3)));
}

/** `filesMoved` as `files moved`, `precisionAt1` as `precision@1` */
function words(camelCase: string): string {
  if (camelCase === 'bytes') return 'in all';
  return camelCase
    .replace(/At(?=\d|R$)/, '@')
    .replace(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .toLowerCase();
}

/** How long a job took, or has taken until now; `undefined` of one that has not begun. */
export function secondsOf(
  { startedAt, endedAt }: Pick<Job, 'startedAt' | 'endedAt'>,
  nowMs: number,
): number | undefined {
  if (startedAt === null) return undefined;
  return Math.max(0, ((endedAt === null ? nowMs : Date.parse(endedAt)) - Date.parse(startedAt)) / 1000);
}
