import { exitCodes } from './exit-codes.js';

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

const patienceMs = 1_000;

/**
 * Ctrl-C (SIGINT) or SIGTERM aborts the signal once, so that work ends where it is whole; the second time the process
 * ends at once.
 * @param onSlow called where the work has not ended a second after the first time
 */
export function watchInterrupts(onSlow: () => void): Interruption {
  const controller = new AbortController();
  let slow: NodeJS.Timeout | undefined;
  const interrupt = () => {
    if (controller.signal.aborted) process.exit(exitCodes.interrupted);
    controller.abort(new Interrupted());
    slow = setTimeout(onSlow, patienceMs);
    slow.unref();
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  return {
    signal: controller.signal,
    release() {
      clearTimeout(slow);
      process.off('SIGINT', interrupt);
      process.off('SIGTERM', interrupt);
    },
  };
}
