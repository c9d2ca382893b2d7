import { type Command, Option } from 'commander';
import type { SplitDataResult } from '../../app/split-data.js';
import { splitWays } from '../../app/split-ways.js';
import { addOutputOptions } from '../common-options.js';
import { share, wholeNumber } from '../number-options.js';
import { formatCount } from '../quantities.js';
import type { CommonFlags, Outcome, Perform, Session } from '../session.js';
import { textFacts, textTable } from '../text-table.js';

interface SplitFlags extends CommonFlags {
  readonly out: string;
  readonly by?: SplitDataResult['by'];
  readonly groupColumn?: string;
  readonly test: number;
  readonly val: number;
  readonly seed: number;
}

const more = `
  ratio  the same share of every class
  class  a share of the classes, which are then unseen in training
  group  a share of the groups, so that no patient, scene or shooting is on two
         sides; the source is a manifest with such a column

The manifest is a source: "imagekin train splits.csv" learns from its training
images, "imagekin eval model.onnx splits.csv" tests on the others. Split again
after images have come or gone, the others stay where they were.

Examples:
  imagekin data split ./shoes -o shoes.csv --val 0.1
  imagekin data split ./shoes -o unseen.csv --by class --test 0.5
  imagekin data split scans.csv -o splits.csv --group-column patient`;

export function addDataSplitCommand(data: Command, perform: Perform): void {
  const command = data
    .command('split')
    .summary('draw which images to train and test on, and write it down')
    .description('Draws which images to train, validate and test on, and writes it into a manifest.')
    .argument('<source>', 'a folder, a manifest, a pattern, or - for a list of paths')
    .requiredOption('-o, --out <file>', 'the manifest to write: .csv, .tsv or .jsonl')
    .addOption(
      new Option('--by <what>', 'what is drawn (default: ratio, or group with --group-column)').choices(
        splitWays,
      ),
    )
    .option('--group-column <name>', 'the column that says which images belong together (default: group)')
    .option('--test <share>', 'share to test on', share('--test', '0.2'), 0.2)
    .option('--val <share>', 'share to validate on', share('--val', '0.1'), 0)
    .option('--seed <n>', 'decides what is drawn', wholeNumber('--seed', { least: 0 }), 0);
  addOutputOptions(command)
    .addHelpText('after', more)
    .action((source: string, flags: SplitFlags) =>
      perform(flags, (session) => split(source, flags, session)),
    );
}

async function split(source: string, flags: SplitFlags, session: Session): Promise<Outcome> {
  const { splitData } = await import('../../app/split-data.js');
  const { out, by, groupColumn, test, val, seed } = flags;
  const result = await splitData({
    source,
    out,
    by,
    groupColumn,
    test,
    val,
    seed,
    onProgress: session.onProgress,
    signal: session.signal,
  });
  return { document: result, text: splitText(result), skipped: result.skipped, hints: [`wrote ${out}`] };
}

function splitText(result: SplitDataResult): string {
  const facts = textFacts([
    ['source', result.source],
    ['manifest', result.manifest],
    ['split by', result.groupColumn === null ? result.by : `${result.by}, column ${result.groupColumn}`],
    ['images', formatCount(result.images)],
    ...(result.unlabelled > 0 ? [['unlabelled', formatCount(result.unlabelled)] as const] : []),
  ]);
  const right = 'right' as const;
  const hasGroups = result.by === 'group';
  const table = textTable(
    [
      { title: 'split' },
      { title: 'images', align: right },
      { title: 'classes', align: right },
      ...(hasGroups ? [{ title: 'groups', align: right }] : []),
    ],
    Object.entries(result.splits).map(([name, { images, classes, groups = 0 }]) => [
      name,
      formatCount(images),
      formatCount(classes),
      ...(hasGroups ? [formatCount(groups)] : []),
    ]),
  );
  return `${facts}\n${table}`;
}
