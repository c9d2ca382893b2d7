import type { Command } from 'commander';
import type { VerifyResult } from '../../app/collection/verify-collection.js';
import { runInWorker } from '../../app/worker/run-in-worker.js';
import { addOutputOptions } from '../common-options.js';
import { exitCodes } from '../exit-codes.js';
import { formatCount, formatCounted, formatDuration } from '../quantities.js';
import type { CommonFlags, Outcome, Perform, Session } from '../session.js';

interface VerifyFlags extends CommonFlags {
  readonly deep?: boolean;
  readonly fix?: boolean;
}

const more = `
What is looked at: the catalog (by SQLite), rows that belong to nothing, the
files of the models, every vector, and the index. With --deep the file of every
image is read too, and compared with what was embedded.

--fix mends what can be mended without a loss: it removes rows that belong to
nothing, makes the index anew, marks images whose files are gone, and has the
next "imagekin add" embed images whose vectors are of no use.

Exit codes: 0 nothing is wrong, or all of it was mended; 1 something is wrong.

Examples:
  imagekin verify photos.kin
  imagekin verify photos.kin --deep --fix`;

export function addVerifyCommand(program: Command, perform: Perform): void {
  const command = program
    .command('verify')
    .summary('look for damage in a collection')
    .description(
      'Looks for all that can be wrong with a collection, and says what it means and what mends it.',
    )
    .argument('<collection>', 'a folder that imagekin add or import has made')
    .option('--deep', 'read the files of all images too')
    .option('--fix', 'mend what can be mended without a loss');
  addOutputOptions(command)
    .addHelpText('after', more)
    .action((collection: string, flags: VerifyFlags) =>
      perform(flags, (session) => verify(collection, flags, session)),
    );
}

async function verify(
  collection: string,
  { deep, fix }: VerifyFlags,
  { onProgress, signal }: Session,
): Promise<Outcome> {
  const result = await runInWorker('verifyCollection', { collection, deep, fix, onProgress, signal });
  return {
    document: result,
    text: textOf(result),
    exitCode: result.clean ? exitCodes.done : exitCodes.failed,
  };
}

function textOf({ findings, checked, clean, deep, seconds }: VerifyResult): string {
  const looked = [
    formatCounted(checked.images, 'image'),
    formatCounted(checked.vectors, 'vector'),
    ...(deep ? [formatCounted(checked.files, 'file')] : []),
  ].join(', ');
  const lines = findings.flatMap(({ kind, severity, count, examples, meaning, mend, fixed }) => [
    `${severity === 'damage' ? 'DAMAGE' : 'note'} ${kind}: ${formatCount(count)}${fixed === 'no' ? '' : ` (${fixed})`}`,
    `  ${meaning}`,
    ...examples.map((example) => `    ${example}`),
    ...(count > examples.length ? [`    and ${formatCount(count - examples.length)} more`] : []),
    ...(fixed === 'mended' ? [] : [`  to do: ${mend}`]),
  ]);
  const verdict = clean ? 'nothing is wrong' : 'something is wrong';
  return [...lines, `${verdict}: ${looked} in ${formatDuration(seconds)}`, ''].join('\n');
}
