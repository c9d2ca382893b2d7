import type { Progress } from '../core/progress.js';
import { formatBytes, formatCount, formatDuration, formatRate } from './quantities.js';

export interface BarStyle {
  /** Room for the line, in characters. */
  readonly widthColumns: number;
  /** Whether the terminal shows more than ASCII. */
  readonly unicode: boolean;
}

const longestBar = 28;
const shortestBar = 8;
const longestTask = 36;

/** A line with a bar, for a terminal. Where there is too little room, what matters least is left out. */
export function barLine(progress: Progress, perSecond: number | undefined, style: BarStyle): string {
  const { done, total, unit } = progress;
  const task = shortened(progress.task, Math.min(longestTask, style.widthColumns));
  const share = shareOf(progress);
  // In the order in which they are given up.
  const optional = [
    { at: 1, text: counts(done, total, unit) },
    { at: 2, text: perSecond === undefined ? '' : formatRate(perSecond, unit) },
    { at: 4, text: figuresText(progress, '  ') },
    { at: 3, text: etaText(progress, perSecond, 'ETA ') },
  ].filter(({ text }) => text !== '');
  const percent = share === undefined ? '' : `${Math.floor(share * 100)}%`.padStart(4);
  const length = (texts: readonly string[]) => texts.reduce((sum, text) => sum + text.length + 2, 0);
  for (;;) {
    const tail = [percent, ...[...optional].sort((a, b) => a.at - b.at).map(({ text }) => text)].filter(
      Boolean,
    );
    const room = style.widthColumns - task.length - length(tail);
    if (share === undefined && room >= 0) return [task, ...tail].join('  ');
    const barColumns = Math.min(longestBar, room - 2);
    if (share !== undefined && barColumns >= shortestBar)
      return [task, bar(share, barColumns, style.unicode), ...tail].join('  ');
    if (optional.shift() === undefined)
      return [task, ...tail].join('  ').slice(0, Math.max(0, style.widthColumns));
  }
}

/** A line of words, for a log. */
export function plainLine(progress: Progress, perSecond: number | undefined): string {
  const { task, done, total, unit } = progress;
  const share = shareOf(progress);
  const parts = [
    share === undefined ? '' : `${Math.floor(share * 100)} %`,
    counts(done, total, unit),
    perSecond === undefined ? '' : formatRate(perSecond, unit),
    etaText(progress, perSecond, 'about ', ' left'),
    figuresText(progress, ', '),
  ];
  return `${task}: ${parts.filter((part) => part !== '').join(', ')}`;
}

function shareOf({ done, total }: Progress): number | undefined {
  return total === undefined || total === 0 ? undefined : Math.min(1, done / total);
}

function counts(done: number, total: number | undefined, unit: string): string {
  const show = (count: number) => (unit === 'bytes' ? formatBytes(count) : formatCount(count));
  const of = total === undefined ? show(done) : `${show(done)}/${show(total)}`;
  return unit === 'bytes' ? of : `${of} ${unit}`;
}

function etaText(
  { done, total }: Progress,
  perSecond: number | undefined,
  before: string,
  after = '',
): string {
  if (total === undefined || perSecond === undefined || perSecond <= 0 || done >= total) return '';
  return `${before}${formatDuration((total - done) / perSecond)}${after}`;
}

function figuresText({ figures = {} }: Progress, between: string): string {
  return Object.entries(figures)
    .map(([name, value]) => `${name} ${value}`)
    .join(between);
}

function bar(share: number, columns: number, unicode: boolean): string {
  const filled = Math.round(share * columns);
  const [full, empty] = unicode ? ['█', '░'] : ['#', '-'];
  return full.repeat(filled) + empty.repeat(columns - filled);
}

/** The end of a long name tells more than its beginning, as paths go. */
function shortened(text: string, length: number): string {
  return text.length <= length ? text : `…${text.slice(text.length - length + 1)}`;
}
