import type { Quantization } from '../../../../collection/index/index.js';
import { ImagekinError } from '../../../../core/errors.js';
import { quantizationChoices } from '../../../collection/index-choices.js';
import { runInWorker } from '../../../worker/run-in-worker.js';
import type { JobKindRule, RequestOf } from '../job-kind.js';

/** Makes the index anew, in the form that it is to have from now on. */
export const reindex: JobKindRule<RequestOf<'reindex'>> = {
  isHeavy: true,
  async run({ directory, request: { index, quantization }, threads, onProgress, signal }) {
    const {
      finished,
      skipped,
      index: made,
      seconds,
    } = await runInWorker('reindexCollection', {
      collection: directory,
      index,
      quantization: quantizationOf(quantization),
      threads,
      onProgress,
      signal,
    });
    const figures = made && {
      kind: made.kind,
      quantization: made.quantization,
      vectors: made.vectors,
      recall: made.recall,
      bytes: made.bytesOnDisk,
    };
    return { finished, result: { ...figures, seconds }, failures: skipped };
  },
};

function quantizationOf(given: string | undefined): Quantization | 'auto' | undefined {
  if (given === undefined) return undefined;
  const found = quantizationChoices.find((choice) => choice === given);
  if (found !== undefined) return found;
  throw new ImagekinError('wrong-usage', {
    where: 'quantization',
    expected: `one of ${quantizationChoices.join(', ')}`,
    got: `"${given}"`,
    fix: 'name one of these',
  });
}
