import { runInWorker } from '../../../worker/run-in-worker.js';
import type { JobKindRule, RequestOf } from '../job-kind.js';

/** Moves away what was decided to be trash. */
export const trash: JobKindRule<RequestOf<'trash'>> = {
  isHeavy: false,
  async run({ directory, onProgress, signal }) {
    const { finished, skipped, ...result } = await runInWorker('trashDecided', {
      collection: directory,
      onProgress,
      signal,
    });
    return { finished, result, failures: skipped };
  },
};
