import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { api, type Job, type JobRequest } from '../api.js';
import { collection } from '../router.js';
import { isActive, jobsHere, noteJob, onJobEnd } from '../state/jobs.js';
import { mayChange } from '../state/session.js';
import { ago } from '../ui/format.js';
import { Icon, type IconName } from '../ui/icon.js';
import { Empty } from '../ui/states.js';
import { announce, toastFailure } from '../ui/toast.js';
import { JobProgress } from './job-progress.js';
import { jobTitles } from './job-text.js';
import './derived.css';

type Kind = 'map' | 'evaluate' | 'duplicates';

/** The job that makes what a screen shows. */
export interface DerivedJob {
  readonly kind: Kind;
  /** The one that waits or runs. */
  readonly active: Job | undefined;
  /** The last one, if it failed. */
  readonly failed: Job | undefined;
  start(options?: Omit<Extract<JobRequest, { kind: Kind }>, 'kind'>): void;
  cancel(): void;
}

/** @param onDone called when a job of this kind has made something new. */
export function useDerivedJob(kind: Kind, onDone: () => void): DerivedJob {
  const latest = useRef(onDone);
  latest.current = onDone;
  useEffect(
    () =>
      onJobEnd((job) => {
        if (job.kind !== kind || job.collection !== collection.peek() || job.state !== 'done') return;
        announce(`${jobTitles[kind]}: done`);
        latest.current();
      }),
    [kind],
  );
  const last = jobsHere.value.find((job) => job.kind === kind);
  const active = jobsHere.value.find((job) => job.kind === kind && isActive(job));
  return {
    kind,
    active,
    failed: last?.state === 'failed' || last?.state === 'interrupted' ? last : undefined,
    start: (options) => {
      api.startJob(collection.peek(), { kind, ...options } as JobRequest).then(noteJob, toastFailure);
    },
    cancel: () => {
      if (active) api.cancelJob(active.id).then(noteJob, toastFailure);
    },
  };
}

interface DerivedMissingProps {
  readonly job: DerivedJob;
  readonly icon: IconName;
  readonly title: string;
  readonly children: ComponentChildren;
  /** What the button says. */
  readonly action: string;
}

/** In the place of what was not made yet: what it would be, and the button that makes it. */
export function DerivedMissing({ job, icon, title, children, action }: DerivedMissingProps) {
  if (job.active) {
    return (
      <div class="derived-running">
        <h2>{jobTitles[job.kind]}</h2>
        <JobProgress job={job.active} />
        <button type="button" class="button" onClick={() => job.cancel()}>
          Cancel
        </button>
      </div>
    );
  }
  return (
    <Empty
      icon={icon}
      title={title}
      actions={
        mayChange() && (
          <button type="button" class="button primary" onClick={() => job.start()}>
            {action}
          </button>
        )
      }
    >
      {children}
      {!mayChange() && <p>This server only shows; the job is to be started elsewhere.</p>}
      {job.failed && <FailedText job={job.failed} />}
    </Empty>
  );
}

function FailedText({ job }: { readonly job: Job }) {
  return (
    <p class="derived-failed" role="alert">
      The last one did not come to an end. {job.problem?.detail ?? 'The server ended before it.'}
    </p>
  );
}

interface DerivedBannerProps {
  readonly job: DerivedJob;
  readonly state: 'missing' | 'ready' | 'stale';
  readonly computedAt: string | null;
}

/** Says that what is shown is of a collection that has changed since, and how far its successor is. */
export function DerivedBanner({ job, state, computedAt }: DerivedBannerProps) {
  if (job.active) {
    return (
      <div class="derived-banner" role="status">
        <JobProgress job={job.active} />
        <button type="button" class="button small" onClick={() => job.cancel()}>
          Cancel
        </button>
      </div>
    );
  }
  if (state !== 'stale' && !job.failed) return null;
  return (
    <div class="derived-banner" role="status">
      <Icon name={job.failed ? 'warning' : 'retry'} />
      <span>
        {job.failed && <FailedText job={job.failed} />}
        {!job.failed &&
          `The collection has changed since this was made${computedAt ? ` (${ago(computedAt)})` : ''}.`}
      </span>
      {mayChange() && (
        <button type="button" class="button small" onClick={() => job.start()}>
          Refresh
        </button>
      )}
    </div>
  );
}
