/** The reason of the signal that Ctrl-C aborts. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';

  constructor() {
    super('imagekin: stopped');
  }
}

export interface Interruption {
  readonly signal: AbortSignal;
  /** Gives the keys back to the system. */
  release(): void;
}

const patienceMs = 200;

/**
 * Ctrl-C (SIGINT) or SIGTERM aborts the signal once, so that work ends where it is whole; the second time the process
 * ends at once.
 * @param onSlow called where the work has not ended a moment after the first time
 */
export function watchInterrupts(onSlow: () => void): Interruption {
  const controller = new AbortController();
  let slow: NodeJS.Timeout | undefined;
  const interrupt = () => {
    if (controller.signal.aborted) return endAtOnce();
    controller.abort(new Interrupted());
    slow = setTimeout(onSlow, patienceMs);
    slow.unref();
  };
  const endAtOnce = () => {
    release();
    // Not process.exit, which waits for other threads, and in the middle of a program of ONNX Runtime ends in a crash.
    // To a shell, an end by SIGINT is exit code 130 as well.
    process.kill(process.pid, 'SIGINT');
  };
  const release = () => {
    clearTimeout(slow);
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  return {
    signal: controller.signal,
    release,
  };
}
