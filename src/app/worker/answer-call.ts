import { parentPort, workerData } from 'node:worker_threads';
import { packError, unpackError } from '../../core/packed-error.js';
import type { Abort, Answer, Call } from './messages.js';

type Work = (options: never) => Promise<unknown>;

/** The worker's side of `callInWorker`: does the work that was asked for, and ends the thread. */
export async function answerCall(works: Readonly<Record<string, () => Promise<Work>>>): Promise<void> {
  const port = parentPort!;
  const answer = (message: Answer) => port.postMessage(message);
  const { name, data, functions } = workerData as Call;
  const controller = new AbortController();
  port.on('message', ({ reason }: Abort) => controller.abort(unpackError(reason)));

  const tell = Object.fromEntries(
    functions.map((told) => [told, (...args: unknown[]) => answer({ kind: 'told', name: told, args })]),
  );
  try {
    const work = (await works[name]!()) as (options: object) => Promise<unknown>;
    answer({ kind: 'result', result: await work({ ...data, ...tell, signal: controller.signal }) });
  } catch (error) {
    answer({ kind: 'error', error: packError(error) });
  }
  // From inside, and whatever is left over: ended from outside in the middle of a program, ONNX Runtime would take the
  // whole process with it.
  process.exit();
}
