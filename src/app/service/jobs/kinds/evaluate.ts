import { runInWorker } from '../../../worker/run-in-worker.js';
import type { JobKindRule, RequestOf } from '../job-kind.js';

/** Measures how well near images have the same label. */
export const evaluate: JobKindRule<RequestOf<'evaluate'>> = {
  isHeavy: true,
  async run({ directory, threads, onProgress, signal }) {
    const figures = await runInWorker('evaluateCollection', {
      collection: directory,
      threads,
      onProgress,
      signal,
    });
    return { finished: true, result: { ...figures }, failures: [] };
  },
};
