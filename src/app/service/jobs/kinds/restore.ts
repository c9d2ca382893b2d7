import { runInWorker } from '../../../worker/run-in-worker.js';
import { undoFileOf } from '../../duplicates/trash-folder.js';
import type { JobKindRule, RequestOf } from '../job-kind.js';

/** Puts back what one job `trash` has moved away. */
export const restore: JobKindRule<RequestOf<'restore'>> = {
  isHeavy: false,
  async run({ directory, request: { batch }, onProgress, signal }) {
    const undoFile = await undoFileOf(directory, batch);
    const { files, putBack, foundAgain, skipped } = await runInWorker('undoDuplicates', {
      undoFile,
      onProgress,
      signal,
    });
    return { finished: true, result: { batch, files, putBack, foundAgain }, failures: skipped };
  },
};
