import type { Job } from '../api.js';
import { jobTitles, leftText, progressText, rateText, shareDone } from './job-text.js';

/** How far a job is: a bar, and below it what it does, how fast, and how long it will take. */
export function JobProgress({ job }: { readonly job: Job }) {
  const { progress, kind, state } = job;
  const waiting = state === 'queued';
  const details = progress && [progressText(progress), rateText(progress), leftText(progress)];
  return (
    <div class="job-progress">
      <progress
        max={1}
        value={progress ? shareDone(progress) : undefined}
        aria-label={jobTitles[kind]}
        aria-valuetext={progress ? progressText(progress) : undefined}
      />
      <div class="job-progress-line">
        <span>{waiting ? 'Waits for other jobs' : (progress?.task ?? 'Starting')}</span>
        {details && <span class="number">{details.filter(Boolean).join(' · ')}</span>}
      </div>
    </div>
  );
}
