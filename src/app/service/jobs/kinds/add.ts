import { runInWorker } from '../../../worker/run-in-worker.js';
import { uploadsFolder } from '../../images/originals.js';
import type { JobKindRule, RequestOf } from '../job-kind.js';

/** Looks through all that the collection was filled from. */
export const add: JobKindRule<RequestOf<'add'>> = {
  isHeavy: true,
  async run({ directory, request: { prune, retryFailed }, threads, onProgress, signal }) {
    const { finished, skipped, collection, created, model, modelId, dimension, ...result } =
      await runInWorker('refreshCollection', {
        collection: directory,
        folder: uploadsFolder({ directory }),
        prune,
        retryFailed,
        threads,
        onProgress,
        signal,
      });
    return { finished, result, failures: skipped };
  },
  again: (request) => ({ ...request, retryFailed: true }),
};
