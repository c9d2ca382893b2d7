import { CommanderError } from 'commander';
import { type ExitCode, exitCodes } from './exit-codes.js';
import { performer } from './perform.js';
import { buildProgram } from './program.js';
import { writeError } from './report-error.js';

/** Runs one command line, the program's name left out, and gives the exit code. */
export async function run(args: readonly string[]): Promise<ExitCode> {
  forgiveClosedPipes();
  const json = asksForJson(args);
  const { perform, exitCode, fail } = performer(args);
  let told: ExitCode | undefined;
  // Once: where it cannot be written, that is an error as well.
  const tell = (error: unknown) => (told ??= writeError(error, { json }));
  process.on('uncaughtException', (error) => {
    if (!fail(error)) process.exit(tell(error));
  });
  try {
    await buildProgram(perform).parseAsync(args, { from: 'user' });
    return exitCode();
  } catch (error) {
    if (error instanceof CommanderError) return helpExitCode(error);
    return tell(error);
  }
}

/** Help that was asked for is a success; help shown because no command was named is not. */
function helpExitCode({ exitCode }: CommanderError): ExitCode {
  return exitCode === 0 ? exitCodes.done : exitCodes.wrongUsage;
}

/** Looked for by hand, as a wrong command line has no parsed flags. */
function asksForJson(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return args.slice(0, end < 0 ? args.length : end).includes('--json');
}

/** `imagekin … | head` closes our output when it has seen enough: that is its right, and no error. The work goes on. */
function forgiveClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
}
