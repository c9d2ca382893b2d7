import { runInWorker } from '../../../worker/run-in-worker.js';
import { uploadsFolder } from '../../images/originals.js';
import type { JobKindRule, RequestOf } from '../job-kind.js';

/** Of more images the ids are not kept. */
const mostIds = 1000;

/** Takes in files that were sent. */
export const upload: JobKindRule<RequestOf<'upload'>> = {
  isHeavy: true,
  async run({ directory, request: { label, retryFailed }, files, threads, onProgress, signal }) {
    const { finished, skipped, ids, ...counts } = await runInWorker('addFiles', {
      collection: directory,
      folder: uploadsFolder({ directory }),
      files,
      label,
      retryFailed,
      threads,
      onProgress,
      signal,
    });
    return { finished, result: { ...counts, ids: ids.slice(0, mostIds) }, failures: skipped };
  },
  again: (request) => ({ ...request, retryFailed: true }),
};
