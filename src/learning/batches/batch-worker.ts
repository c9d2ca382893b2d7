import { parentPort, workerData } from 'node:worker_threads';
import { type PackedError, packError } from '../../core/packed-error.js';
import type { Size } from '../../image/image.js';
import type { ImageLocation } from '../../image/image-location.js';
import type { Batch } from '../samplers/sampler.js';
import { type BatchPreparation, prepareBatch } from './prepare-batch.js';

/** The thread that `BatchWorkers` starts: prepares batches in the order in which they are asked for. */

export interface BatchRequest {
  readonly step: number;
  readonly batch: Batch;
  /** The images as they are, handed over, not copied; or the files to decode them from. */
  readonly source: Uint8Array<ArrayBuffer> | readonly ImageLocation[];
}

export type BatchReply =
  | { readonly step: number; readonly pixels: Uint8Array }
  | { readonly step: number; readonly error: PackedError };

const preparation = workerData as BatchPreparation;
const port = parentPort!;

let last = Promise.resolve();
port.on('message', (request: BatchRequest) => {
  // Decoding waits for files, and the batch that is taken first must not wait for the files of the next.
  last = last.then(() => prepare(request));
});

async function prepare({ step, batch, source }: BatchRequest): Promise<void> {
  try {
    const pixels = isFiles(source) ? await decode(source, preparation.sourceSize) : source;
    const prepared = prepareBatch(preparation, step, batch, pixels);
    port.postMessage({ step, pixels: prepared } satisfies BatchReply, [prepared.buffer as ArrayBuffer]);
  } catch (error) {
    port.postMessage({ step, error: packError(error) } satisfies BatchReply);
  }
}

function isFiles(source: BatchRequest['source']): source is readonly ImageLocation[] {
  return Array.isArray(source);
}

/** Loaded only where it is needed: the decoder is large. */
async function decode(files: readonly ImageLocation[], size: Size) {
  const { decodeFiles } = await import('../../data/decode-files.js');
  return decodeFiles(files, size);
}
