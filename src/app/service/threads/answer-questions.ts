import { parentPort } from 'node:worker_threads';
import { packError, unpackError } from '../../../core/packed-error.js';
import type { FromThread, ToThread } from './messages.js';

/** What can answer; `ServiceHost`, but for tests. */
export interface Answerer {
  answer(method: string, request: unknown, signal: AbortSignal): Promise<unknown>;
  close(): Promise<void>;
}

/** The thread's side of a `ThreadLane`: answers until it is told to end. */
export function answerQuestions(answerer: Answerer): void {
  const port = parentPort!;
  const say = (message: FromThread) => port.postMessage(message);
  const running = new Map<number, AbortController>();

  const answer = async (id: number, method: string, request: unknown): Promise<void> => {
    const controller = new AbortController();
    running.set(id, controller);
    try {
      say({ kind: 'answer', id, result: await answerer.answer(method, request, controller.signal) });
    } catch (error) {
      say({ kind: 'failed', id, error: packError(error) });
    } finally {
      running.delete(id);
    }
  };

  say({ kind: 'alive' });
  port.on('message', (message: ToThread) => {
    switch (message.kind) {
      case 'ask':
        void answer(message.id, message.method, message.request);
        break;
      case 'abort':
        running.get(message.id)?.abort(unpackError(message.reason));
        break;
      case 'ping':
        say({ kind: 'alive' });
        break;
      case 'end':
        // From inside: ended from outside in the middle of a program, ONNX Runtime would take the whole process with it.
        void answerer.close().finally(() => process.exit());
    }
  });
}
