import { runInWorker } from '../../../worker/run-in-worker.js';
import type { JobKindRule, RequestOf } from '../job-kind.js';

/** Lays the images out in a plane. */
export const map: JobKindRule<RequestOf<'map'>> = {
  isHeavy: true,
  async run({ directory, request: { clusters }, threads, onProgress, signal }) {
    const figures = await runInWorker('deriveMap', {
      collection: directory,
      clusters,
      threads,
      onProgress,
      signal,
    });
    return { finished: true, result: { ...figures }, failures: [] };
  },
};
