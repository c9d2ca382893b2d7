import { parentPort, workerData } from 'node:worker_threads';
import { type PackedError, packError } from '../../core/packed-error.js';
import { type RankedBlock, type RankingTask, rankQueries } from './rank-queries.js';

/** The thread that `rankInThreads` starts: ranks its share of the queries. */

export interface RankingWork {
  readonly task: RankingTask;
  readonly threads: number;
  /** int32 [1] in shared memory: not zero once the work is to stop. */
  readonly stop: Int32Array;
}

export type RankingReply = { readonly block: RankedBlock } | { readonly error: PackedError };

const { task, threads, stop } = workerData as RankingWork;
const port = parentPort!;

try {
  for await (const block of rankQueries(task, { threads })) {
    if (Atomics.load(stop, 0) !== 0) break;
    const { values, indices, scores } = block;
    const handedOver = [values, indices, scores].map(({ buffer }) => buffer as ArrayBuffer);
    port.postMessage({ block } satisfies RankingReply, handedOver);
  }
} catch (error) {
  port.postMessage({ error: packError(error) } satisfies RankingReply);
}
