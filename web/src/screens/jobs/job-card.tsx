import { useState } from 'preact/hooks';
import { api, type Job } from '../../api.js';
import { usePagedList } from '../../grid/use-paged-list.js';
import { JobProgress } from '../../jobs/job-progress.js';
import { jobTitles, progressText, resultFigures, secondsOf, stateNames } from '../../jobs/job-text.js';
import { isActive, noteJob } from '../../state/jobs.js';
import { mayChange } from '../../state/session.js';
import { ago, counted, duration, time } from '../../ui/format.js';
import { Icon } from '../../ui/icon.js';
import { SkeletonLines } from '../../ui/states.js';
import { toastFailure } from '../../ui/toast.js';

interface JobCardProps {
  readonly job: Job;
  readonly nowMs: number;
}

const tones: Partial<Record<Job['state'], string>> = { done: 'good', failed: 'bad', running: 'accent' };

/** A job: what it does, how far it is or how it ended, what it could not use. */
export function JobCard({ job, nowMs }: JobCardProps) {
  const [open, setOpen] = useState(false);
  const active = isActive(job);
  const seconds = secondsOf(job, nowMs);
  const figures = resultFigures(job.result);
  const title = jobTitles[job.kind];
  const takesFiles = job.kind === 'upload' || job.kind === 'add';
  return (
    <li class={`job ${job.state}`}>
      <article aria-label={`${title}: ${stateNames[job.state]}`}>
        <header class="job-head">
          <h3>{title}</h3>
          <span class={`badge ${tones[job.state] ?? ''}`}>{stateNames[job.state]}</span>
          <span class="job-when muted" title={time(job.createdAt)}>
            {ago(job.endedAt ?? job.startedAt ?? job.createdAt, nowMs)}
            {seconds !== undefined && seconds >= 0.5 && ` · ${duration(seconds)}`}
          </span>
          {active && mayChange() && (
            <button
              type="button"
              class="button small"
              onClick={() => api.cancelJob(job.id).then(noteJob, toastFailure)}
            >
              Cancel
            </button>
          )}
          {!active && mayChange() && (job.state !== 'done' || job.failures > 0) && (
            <button
              type="button"
              class="button small"
              onClick={() => api.retryJob(job.id).then(noteJob, toastFailure)}
            >
              <Icon name="retry" size={14} />{' '}
              {takesFiles && job.state === 'done' ? 'Try failed files again' : 'Try again'}
            </button>
          )}
        </header>
        {active && <JobProgress job={job} />}
        {job.problem && (
          <p class="job-problem">
            <strong>{sentence(job.problem.title)}</strong> {job.problem.detail}
          </p>
        )}
        {!active && job.state !== 'done' && job.progress && (
          <p class="muted">Came as far as {progressText(job.progress)}.</p>
        )}
        {figures.length > 0 && (
          <dl class="job-figures">
            {figures.map(({ name, value }) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd class="number">{value}</dd>
              </div>
            ))}
          </dl>
        )}
        {job.failures > 0 && (
          <>
            <button
              type="button"
              class="button quiet small job-failures-button"
              aria-expanded={open}
              onClick={() => setOpen(!open)}
            >
              <Icon name={open ? 'down' : 'right'} size={14} />
              {counted(job.failures, 'file')} could not be used
            </button>
            {open && <Failures job={job} />}
          </>
        )}
      </article>
    </li>
  );
}

function sentence(title: string): string {
  return `${title[0]!.toUpperCase()}${title.slice(1)}.`;
}

const pageSize = 100;

function Failures({ job }: { readonly job: Job }) {
  const { list, total, failure, hasMore, showMore } = usePagedList(
    async (offset, limit, signal) => {
      const answer = await api.jobFailures(job.id, { offset, limit }, signal);
      return { items: answer.failures, total: answer.total };
    },
    pageSize,
    job.failures,
  );
  if (failure) return <p class="field-error">{failure.message}</p>;
  if (total === undefined) return <SkeletonLines lines={2} />;
  return (
    <>
      <table class="job-failures">
        <caption class="unseen">Files that could not be used, and why</caption>
        <thead>
          <tr>
            <th scope="col">File</th>
            <th scope="col">Reason</th>
          </tr>
        </thead>
        <tbody>
          {list.map(({ path, reason }, at) => (
            <tr key={at}>
              <th scope="row">
                <code>{path}</code>
              </th>
              <td>{reason}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {hasMore && (
        <button type="button" class="button small" onClick={showMore}>
          Show more of {counted(total, 'file')}
        </button>
      )}
    </>
  );
}
