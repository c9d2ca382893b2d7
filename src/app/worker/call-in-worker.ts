import { Worker } from 'node:worker_threads';
import { ImagekinError, messageOf } from '../../core/errors.js';
import { packError, unpackError } from '../../core/packed-error.js';
import type { Abort, Answer, Call } from './messages.js';

/** Plain data, functions whose results nobody waits for, and a signal. */
export interface CallOptions {
  readonly signal?: AbortSignal;
}

/**
 * Calls a function of another thread, started for it from `file`, which answers by `answerCall`. What the work tells the
 * functions among the options is told here, in order and before the result; aborting the signal aborts the one there, and
 * the work ends as it sees fit.
 * @throws what the work threw, with its class and code; how the thread ended, where it gave no result
 */
export async function callInWorker(file: URL, name: string, options: CallOptions): Promise<unknown> {
  const { signal, ...rest } = options;
  signal?.throwIfAborted();
  const entries: [string, unknown][] = Object.entries(rest);
  const functions = new Map(entries.filter((entry): entry is [string, Tell] => isFunction(entry[1])));
  const data = Object.fromEntries(entries.filter(([, value]) => !isFunction(value)));
  const call: Call = { name, data, functions: [...functions.keys()] };
  // Flags of the program around it, such as --input-type, are not meant for that file.
  const worker = new Worker(file, { workerData: call, execArgv: [] });
  const abort = (reason: unknown) => worker.postMessage({ reason: packError(reason) } satisfies Abort);
  const aborted = () => abort(signal?.reason);
  signal?.addEventListener('abort', aborted);
  let outcome: { readonly result: unknown } | { readonly error: unknown } | undefined;
  try {
    await new Promise<void>((ended) => {
      worker.on('message', (answer: Answer) => {
        if (answer.kind === 'result') outcome ??= { result: answer.result };
        else if (answer.kind === 'error') outcome ??= { error: unpackError(answer.error) };
        else
          try {
            functions.get(answer.name)!(...answer.args);
          } catch (error) {
            outcome ??= { error };
            abort(error);
          }
      });
      worker.on('error', (error) => {
        outcome ??= { error: isOutOfMemory(error) ? outOfMemory(name, error) : error };
      });
      worker.on('exit', (code) => {
        outcome ??= { error: new Error(`the thread of ${name} ended with exit code ${code}`) };
        ended();
      });
    });
  } finally {
    signal?.removeEventListener('abort', aborted);
  }
  if ('error' in outcome!) throw outcome.error;
  return outcome!.result;
}

type Tell = (...args: readonly unknown[]) => void;

function isFunction(value: unknown): value is Tell {
  return typeof value === 'function';
}

function isOutOfMemory(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY';
}

function outOfMemory(name: string, cause: unknown): ImagekinError {
  return new ImagekinError('out-of-memory', {
    where: name,
    expected: 'work that fits into the memory of Node.js',
    got: messageOf(cause),
    fix: 'give it more by NODE_OPTIONS=--max-old-space-size=8192 (in MiB), or take fewer or smaller images',
    cause,
  });
}
