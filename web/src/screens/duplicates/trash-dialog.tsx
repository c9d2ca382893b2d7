import { useEffect } from 'preact/hooks';
import { api } from '../../api.js';
import { useResource } from '../../resource.js';
import { collection } from '../../router.js';
import { isActive, jobsHere, noteJob, onJobEnd } from '../../state/jobs.js';
import { mayChange } from '../../state/session.js';
import { Dialog } from '../../ui/dialog.js';
import { bytes, counted, time } from '../../ui/format.js';
import { Empty, ProblemState, SkeletonLines } from '../../ui/states.js';
import { toastFailure } from '../../ui/toast.js';

/** What was moved to the trash, a batch for each time, and how to have it back. */
export function TrashDialog({ onClose }: { readonly onClose: () => void }) {
  const { value, failure, reload } = useResource((signal) => api.trash(collection.peek(), signal), []);
  useEffect(() => onJobEnd((job) => (job.kind === 'restore' || job.kind === 'trash') && reload()), []);
  const restoring = jobsHere.value.some((job) => job.kind === 'restore' && isActive(job));
  return (
    <Dialog title="Trash" size="medium" onClose={onClose}>
      {failure && <ProblemState failure={failure} onRetry={reload} />}
      {!failure && !value && <SkeletonLines />}
      {value?.batches.length === 0 && (
        <Empty icon="trash" title="The trash is empty">
          <p>Files that are moved away here can be put back as long as they are there.</p>
        </Empty>
      )}
      {value && value.batches.length > 0 && (
        <>
          <p class="muted">
            The files lie in <code class="trash-folder">{value.folder}</code>. Nothing is deleted: empty it
            yourself when you are sure.
          </p>
          <ul class="trash-batches">
            {value.batches.map(({ batch, movedAt, files, bytes: size }) => (
              <li key={batch}>
                <span>
                  <strong>{counted(files, 'file')}</strong>
                  <span class="muted">
                    {bytes(size)}, moved {time(movedAt)}
                  </span>
                </span>
                {mayChange() && (
                  <button
                    type="button"
                    class="button small"
                    disabled={restoring || files === 0}
                    aria-label={`Restore ${counted(files, 'file')} moved ${time(movedAt)}`}
                    onClick={() => restore(collection.peek(), batch)}
                  >
                    {restoring ? 'Restoring …' : 'Restore'}
                  </button>
                )}
              </li>
            ))}
          </ul>
        </>
      )}
    </Dialog>
  );
}

export function restore(of: string, batch: string): void {
  api.startJob(of, { kind: 'restore', batch }).then(noteJob, toastFailure);
}
