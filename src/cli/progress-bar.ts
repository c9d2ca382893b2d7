import type { Progress } from '../core/progress.js';
import { RecentRate } from '../core/recent-rate.js';
import { barLine, plainLine } from './progress-line.js';

/** Where progress is shown: stderr. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

export interface ProgressBarOptions {
  readonly stream: ProgressStream;
  readonly env?: NodeJS.ProcessEnv;
  readonly nowMs?: () => number;
}

const redrawIntervalMs = 100;
const logIntervalMs = 5_000;
const defaultColumns = 80;
const clearLine = '\r\x1b[K';

/** Shows how far long work is: on a terminal one line that is drawn over and over, elsewhere a line every five seconds. */
export class ProgressBar {
  private readonly stream: ProgressStream;
  private readonly nowMs: () => number;
  private readonly live: boolean;
  private readonly unicode: boolean;
  private task: string | undefined;
  private rate = new RecentRate();
  private shownAtMs: number | undefined;
  private drawn = false;

  constructor({ stream, env = process.env, nowMs = () => performance.now() }: ProgressBarOptions) {
    this.stream = stream;
    this.nowMs = nowMs;
    this.live = stream.isTTY === true && env.TERM !== 'dumb';
    this.unicode = showsUnicode(env);
  }

  update(progress: Progress): void {
    const now = this.nowMs();
    const begins = progress.task !== this.task;
    if (begins) {
      this.task = progress.task;
      this.rate = new RecentRate();
    }
    this.rate.observe(progress.done, now);
    if (this.live) this.draw(progress, now, begins || progress.done === progress.total);
    else this.log(progress, now);
  }

  /** Takes the line away, before anything else is written. */
  clear(): void {
    if (!this.drawn) return;
    this.stream.write(clearLine);
    this.drawn = false;
  }

  private draw(progress: Progress, now: number, evenIfSoon: boolean): void {
    const soon = this.shownAtMs !== undefined && now - this.shownAtMs < redrawIntervalMs;
    if (soon && !evenIfSoon) return;
    // The last column is left free: some terminals wrap when it is written.
    const widthColumns = (this.stream.columns || defaultColumns) - 1;
    const line = barLine(progress, this.rate.perSecond, { widthColumns, unicode: this.unicode });
    this.stream.write(`\r${line}\x1b[K`);
    this.drawn = true;
    this.shownAtMs = now;
  }

  private log(progress: Progress, now: number): void {
    this.shownAtMs ??= now;
    if (now - this.shownAtMs < logIntervalMs) return;
    this.stream.write(`${plainLine(progress, this.rate.perSecond)}\n`);
    this.shownAtMs = now;
  }
}

function showsUnicode(env: NodeJS.ProcessEnv): boolean {
  if (process.platform === 'win32') return env.WT_SESSION !== undefined || env.TERM_PROGRAM !== undefined;
  if (env.TERM === 'linux') return false;
  return /utf-?8/i.test(env.LC_ALL || env.LC_CTYPE || env.LANG || '');
}
