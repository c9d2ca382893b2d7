import type { Skipped } from '../core/progress.js';
import { exitCodes } from './exit-codes.js';
import type { Outcome, Session } from './session.js';
import { programCall, typedCommand } from './typed-command.js';

/**
 * What a command comes to that Ctrl-C has stopped, and that can be gone on with.
 * @param resume the flags that it takes for that
 */
export function stoppedRun(
  result: { readonly skipped: readonly Skipped[] },
  { args }: Pick<Session, 'args'>,
  resume: readonly string[] = ['--resume'],
): Outcome {
  const again = [...args.filter((arg) => arg !== '--overwrite' && arg !== '--resume'), ...resume];
  return {
    document: result,
    text: '',
    skipped: result.skipped,
    hints: [`stopped; go on with: ${typedCommand(again, programCall())}`],
    exitCode: exitCodes.interrupted,
  };
}
