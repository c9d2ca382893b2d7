import { ApiError } from './api-error.js';
import type { Schemas } from './schemas.js';

export interface WatchOptions {
  /** Only this job, until it has ended. */
  readonly id?: string;
  /** Ends the watching. */
  readonly signal?: AbortSignal;
  /** Hears that the connection was lost, and will be tried again. */
  readonly onLost?: (error: unknown) => void;
}

const firstWaitMs = 500;
const longestWaitMs = 15_000;

/**
 * Tells each change of jobs as it happens, until the signal is aborted or the one job that is watched has ended. A connection that
 * is lost is made again, after a while that grows; what has changed meanwhile is told then. Not by `EventSource`, which cannot send
 * a token.
 * @param open throws where the answer is no success
 * @throws ApiError where the server refuses
 */
export async function* watchJobs(
  open: (signal: AbortSignal | undefined) => Promise<Response>,
  { id, signal, onLost }: WatchOptions,
): AsyncGenerator<Schemas['Job'], void, undefined> {
  let waitMs = firstWaitMs;
  while (!signal?.aborted) {
    try {
      const response = await open(signal);
      for await (const data of eventsOf(response.body!, 'job')) {
        waitMs = firstWaitMs;
        const job: Schemas['Job'] = JSON.parse(data);
        yield job;
        if (id !== undefined && job.state !== 'queued' && job.state !== 'running') return;
      }
    } catch (error) {
      if (signal?.aborted) return;
      const isRefused = error instanceof ApiError && error.status < 500 && error.status !== 429;
      if (isRefused) throw error;
      onLost?.(error);
    }
    await wait(waitMs, signal);
    waitMs = Math.min(2 * waitMs, longestWaitMs);
  }
}

/** The data of the events of one name in a stream of server-sent events. */
export async function* eventsOf(
  body: ReadableStream<Uint8Array>,
  name: string,
): AsyncGenerator<string, void, undefined> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  let event = 'message';
  let data: string[] = [];
  try {
    while (true) {
      const { done, value } = await reader.read();
      if (done) return;
      const lines = (rest + decoder.decode(value, { stream: true })).split(/\r\n|\n|\r(?!$)/);
      rest = lines.pop()!;
      for (const line of lines) {
        if (line === '') {
          if (data.length > 0 && event === name) yield data.join('\n');
          event = 'message';
          data = [];
          continue;
        }
        const [, field, text] = /^([^:]*):? ?(.*)$/s.exec(line)!;
        if (field === 'event') event = text!;
        else if (field === 'data') data.push(text!);
      }
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

function wait(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal?.addEventListener('abort', end);
  });
}
