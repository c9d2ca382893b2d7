import type { Job } from '../../../api/index.js';
import type { Progress } from '../../../core/progress.js';
import { RecentRate } from '../../../core/recent-rate.js';

type JobProgressFigures = NonNullable<Job['progress']>;

/** What work reports of itself, with how fast it goes and how long it will take. Each task of it has a rate of its own. */
export class JobProgress {
  #rate = new RecentRate();
  #task: string | undefined;

  observe({ task, done, total, unit }: Progress, nowMs: number): JobProgressFigures {
    if (task !== this.#task) this.#rate = new RecentRate();
    this.#task = task;
    this.#rate.observe(done, nowMs);
    const rate = this.#rate.perSecond ?? null;
    return {
      task,
      done: Math.floor(done),
      total: total === undefined ? null : Math.floor(total),
      unit,
      rate,
      secondsLeft: rate !== null && rate > 0 && total !== undefined ? Math.max(0, total - done) / rate : null,
    };
  }
}

/** Of work that has come to an end: how far it came. */
export function stoppedProgress(progress: Job['progress']): Job['progress'] {
  return progress && { ...progress, rate: null, secondsLeft: null };
}
