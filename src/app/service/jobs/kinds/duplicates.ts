import { runInWorker } from '../../../worker/run-in-worker.js';
import type { JobKindRule, RequestOf } from '../job-kind.js';

/** Finds the copies. */
export const duplicates: JobKindRule<RequestOf<'duplicates'>> = {
  isHeavy: true,
  async run({ directory, request: { nearDistance }, threads, onProgress, signal }) {
    const { finished, ...result } = await runInWorker('computeDuplicates', {
      collection: directory,
      nearDistance,
      threads,
      onProgress,
      signal,
    });
    return { finished, result, failures: [] };
  },
};
