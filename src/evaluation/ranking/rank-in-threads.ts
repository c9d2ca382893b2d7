import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { unpackError } from '../../core/packed-error.js';
import { threadCount } from '../../engine/index.js';
import { type RankedBlock, type RankingTask, rankQueries } from './rank-queries.js';
import type { RankingReply, RankingWork } from './ranking-worker.js';

const workerFile = new URL('./ranking-worker.js', import.meta.url);

/** Work of fewer scores is done before a thread has started. */
const fewestScores = 2 ** 26;
/** Each holds a copy of the gallery, so of large ones there are fewer. */
const mostWorkers = 8;
const mostCopiedBytes = 2 ** 31;

/**
 * `rankQueries` by as many threads as there are cores, each with a share of the queries. Programs alone would use all cores,
 * but what is done with their scores is JavaScript. Code that has not been compiled cannot be started as a worker; it runs
 * in this thread.
 *
 * @param onBlock told of each block, in any order
 * @throws what was thrown in a thread, or the signal's reason
 */
export async function rankInThreads(
  task: RankingTask,
  {
    threads = threadCount(),
    signal,
    onBlock,
  }: {
    readonly threads?: number;
    readonly signal?: AbortSignal;
    readonly onBlock: (block: RankedBlock) => void;
  },
): Promise<void> {
  signal?.throwIfAborted();
  const queryCount = task.queryLabels.length;
  const affordable = Math.floor(mostCopiedBytes / Math.max(1, task.gallery.byteLength));
  const workers = Math.min(threads, mostWorkers, affordable);
  if (workers <= 1 || queryCount * task.order.indexAt.length < fewestScores || !existsSync(workerFile)) {
    for await (const block of rankQueries(task, { threads, signal })) onBlock(block);
    return;
  }
  const stop = new Int32Array(new SharedArrayBuffer(4));
  const stopAll = () => Atomics.store(stop, 0, 1);
  signal?.addEventListener('abort', stopAll);
  try {
    const outcomes = await Promise.allSettled(
      Array.from({ length: workers }, (_, worker) => {
        const from = Math.floor((queryCount * worker) / workers);
        const to = Math.floor((queryCount * (worker + 1)) / workers);
        const work = {
          task: share(task, from, to),
          threads: Math.max(1, Math.floor(threads / workers)),
          stop,
        };
        return rankInWorker(work, (block) =>
          onBlock({ ...block, firstQuery: from + block.firstQuery }),
        ).catch((error) => {
          stopAll();
          throw error;
        });
      }),
    );
    signal?.throwIfAborted();
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  } finally {
    signal?.removeEventListener('abort', stopAll);
  }
}

/** The same task for the queries from `from` to `to` alone. */
function share(task: RankingTask, from: number, to: number): RankingTask {
  const { queries, queryLabels, dimension, firstInGallery } = task;
  return {
    ...task,
    queries: queries.slice(from * dimension, to * dimension),
    queryLabels: queryLabels.slice(from, to),
    firstInGallery: firstInGallery === null ? null : firstInGallery + from,
  };
}

function rankInWorker(work: RankingWork, onBlock: (block: RankedBlock) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    // Flags of the program around it, such as --input-type, are not meant for this file.
    const worker = new Worker(workerFile, { workerData: work, execArgv: [] });
    worker.on('message', (reply: RankingReply) => {
      if ('error' in reply) return reject(unpackError(reply.error));
      try {
        onBlock(reply.block);
      } catch (error) {
        reject(error);
      }
    });
    worker.on('error', reject);
    worker.on('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`a ranking thread ended with exit code ${code}`)),
    );
  });
}
