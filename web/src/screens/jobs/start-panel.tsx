import { api, type JobRequest } from '../../api.js';
import { jobTitles } from '../../jobs/job-text.js';
import { collection } from '../../router.js';
import { current } from '../../state/collections.js';
import { isActive, jobsHere, noteJob } from '../../state/jobs.js';
import { confirm } from '../../ui/dialog.js';
import { counted } from '../../ui/format.js';
import { Icon, type IconName } from '../../ui/icon.js';
import { toastFailure } from '../../ui/toast.js';

interface Startable {
  readonly request: JobRequest;
  readonly icon: IconName;
  readonly about: string;
}

const startables: readonly Startable[] = [
  {
    request: { kind: 'add' },
    icon: 'retry',
    about: 'Takes in what is new or changed where the images came from.',
  },
  { request: { kind: 'map' }, icon: 'map', about: 'Lays the images out by likeness and finds clusters.' },
  {
    request: { kind: 'duplicates' },
    icon: 'copies',
    about: 'Finds files of the same bytes, and pictures that are nearly the same.',
  },
  { request: { kind: 'evaluate' }, icon: 'quality', about: 'Measures how well near images share a label.' },
  { request: { kind: 'reindex' }, icon: 'grid', about: 'Builds what searches go through anew.' },
];

/** What can be done to the collection. */
export function StartPanel() {
  const failures = current.value?.failures ?? 0;
  return (
    <section class="start-panel" aria-label="Start a job">
      <h2>Start</h2>
      <ul>
        {startables.map(({ request, icon, about }) => {
          const active = jobsHere.value.some((job) => job.kind === request.kind && isActive(job));
          return (
            <li key={request.kind}>
              <button type="button" class="start-item" disabled={active} onClick={() => start(request)}>
                <Icon name={icon} />
                <span>
                  <strong>{jobTitles[request.kind]}</strong>
                  <span class="muted">{active ? 'Is being done.' : about}</span>
                </span>
              </button>
            </li>
          );
        })}
        {failures > 0 && (
          <li>
            <button
              type="button"
              class="start-item"
              onClick={() => start({ kind: 'add', retryFailed: true })}
            >
              <Icon name="warning" />
              <span>
                <strong>Try failed files again</strong>
                <span class="muted">{counted(failures, 'file')} could not be used so far.</span>
              </span>
            </button>
          </li>
        )}
        {(current.value?.missing ?? 0) > 0 && (
          <li>
            <button type="button" class="start-item" onClick={prune}>
              <Icon name="trash" />
              <span>
                <strong>Forget missing images</strong>
                <span class="muted">The files of {counted(current.value!.missing, 'image')} are gone.</span>
              </span>
            </button>
          </li>
        )}
      </ul>
    </section>
  );
}

function start(request: JobRequest, of = collection.peek()): void {
  api.startJob(of, request).then(noteJob, toastFailure);
}

async function prune(): Promise<void> {
  const here = collection.peek();
  const yes = await confirm({
    title: 'Forget missing images?',
    text: (
      <p>
        Their labels, what was edited of them and their vectors are removed from the collection. Files are
        looked for once more before, and none is touched.
      </p>
    ),
    action: 'Forget them',
    danger: true,
  });
  if (yes) start({ kind: 'add', prune: true }, here);
}
