import type { Skipped } from '../core/progress.js';
import { type ExitCode, exitCodes } from './exit-codes.js';
import { watchInterrupts } from './interruption.js';
import { ProgressBar } from './progress-bar.js';
import type { CommonFlags, Outcome, Perform } from './session.js';

/** How commands are run in this process. */
export interface Performer {
  readonly perform: Perform;
  /** What the last one ended with. */
  exitCode(): ExitCode;
  /**
   * Ends the work under way where it is whole, and then throws this error: to end the process in the middle of a program,
   * which runs in another thread, would be a crash.
   * @returns `false` where no work is under way
   */
  fail(error: unknown): boolean;
}

export function performer(args: readonly string[]): Performer {
  let exitCode: ExitCode = exitCodes.done;
  let failing: AbortController | undefined;
  return {
    exitCode: () => exitCode,
    fail(error) {
      failing?.abort(error);
      return failing !== undefined;
    },
    async perform(flags, work) {
      const bar = new ProgressBar({ stream: process.stderr });
      const failure = new AbortController();
      failing = failure;
      const say = (line: string) => {
        bar.clear();
        process.stderr.write(`${line}\n`);
      };
      const note = flags.quiet ? () => {} : say;
      const interruption = watchInterrupts(() =>
        note('stopping at the next safe point; Ctrl-C again stops at once'),
      );
      try {
        const outcome = await work({
          args,
          signal: AbortSignal.any([interruption.signal, failure.signal]),
          onProgress: flags.quiet ? () => {} : (progress) => bar.update(progress),
          print(line) {
            bar.clear();
            process.stdout.write(`${line}\n`);
          },
          note,
        });
        failure.signal.throwIfAborted();
        bar.clear();
        if (!outcome.isPrinted) await print(outcome, flags);
        listSkipped(outcome.skipped ?? [], say);
        for (const hint of outcome.hints ?? []) note(hint);
        exitCode = outcome.exitCode ?? (outcome.skipped?.length ? exitCodes.someSkipped : exitCodes.done);
      } catch (error) {
        bar.clear();
        if (failure.signal.aborted) throw failure.signal.reason;
        // Whatever work says about being stopped, as fetch and streams do in words of their own.
        throw isAbort(error) && interruption.signal.aborted ? interruption.signal.reason : error;
      } finally {
        failing = undefined;
        interruption.release();
      }
    },
  };
}

async function print({ document, text, pictures = [] }: Outcome, { json }: CommonFlags): Promise<void> {
  if (json) {
    process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
    return;
  }
  process.stdout.write(text);
  if (!process.stdout.isTTY || pictures.length === 0) return;
  const { showPicture } = await import('../app/show-picture.js');
  for (const path of pictures) process.stdout.write((await showPicture(path, terminal())) ?? '');
}

function terminal() {
  return { isTTY: process.stdout.isTTY, env: process.env };
}

function listSkipped(skipped: readonly Skipped[], say: (line: string) => void): void {
  for (const { path, reason } of skipped)
    say(reason.startsWith(path) ? `skipped ${reason}` : `skipped ${path}: ${reason}`);
  if (skipped.length > 0) say(`${skipped.length} ${skipped.length === 1 ? 'file' : 'files'} skipped`);
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && (error.name === 'AbortError' || error.name === 'Interrupted');
}
