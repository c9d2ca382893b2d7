import type { Command } from 'commander';
import type { ShowDataResult } from '../../app/show-data.js';
import { addOutputOptions, addSourceOptions, openOptionsOf, type SourceFlags } from '../common-options.js';
import { wholeNumber } from '../number-options.js';
import { formatCount } from '../quantities.js';
import type { Outcome, Perform, Session } from '../session.js';
import { textFacts, textTable } from '../text-table.js';

interface ShowFlags extends SourceFlags {
  readonly out: string;
  readonly seed: number;
}

const more = `
Writes images.png (25 random images), batch.png (pairs as training sees them:
anchors above, positives below) and classes.png (images per class), and shows
them where the terminal can show pictures.

Examples:
  imagekin data show cifar10
  imagekin data show ./shoes --out look   # ./shoes/boot/1.jpg, ...`;

export function addDataShowCommand(data: Command, perform: Perform): void {
  const command = data
    .command('show')
    .summary('count classes, draw random images and a batch')
    .description('Counts the images of each class and draws some of them.')
    .argument('<source>', 'cifar10, emoji, or images of your own with labels: a folder, manifest, archive, …')
    .option('--out <dir>', 'where the pictures go', './imagekin-look')
    .option('--seed <n>', 'decides which images are drawn', wholeNumber('--seed', { least: 0 }), 0);
  addOutputOptions(addSourceOptions(command))
    .addHelpText('after', more)
    .action((source: string, flags: ShowFlags) => perform(flags, (session) => show(source, flags, session)));
}

async function show(source: string, flags: ShowFlags, session: Session): Promise<Outcome> {
  const { showData } = await import('../../app/show-data.js');
  const result = await showData({
    source,
    out: flags.out,
    seed: flags.seed,
    open: openOptionsOf(flags),
    onProgress: session.onProgress,
    signal: session.signal,
  });
  const hidden = result.classes.length - classesShown(result).length;
  return {
    document: result,
    text: dataText(result),
    pictures: result.pictures,
    skipped: result.skipped,
    hints: hidden > 0 ? [`${formatCount(hidden)} more classes; --json lists them all`] : [],
  };
}

/** Classes in the table where there are too many for one screen. */
const mostClassRows = 40;

function classesShown({ classes }: ShowDataResult): ShowDataResult['classes'] {
  if (classes.length <= mostClassRows) return classes;
  return [...classes].sort((a, b) => b.images - a.images).slice(0, mostClassRows);
}

function dataText(result: ShowDataResult): string {
  const facts = textFacts([
    ['source', result.source],
    ['images', formatCount(result.images)],
    ['classes', formatCount(result.classes.length)],
    ...result.pictures.map((path, i) => [i === 0 ? 'pictures' : '', path] as const),
  ]);
  const table = textTable(
    [{ title: 'class' }, { title: 'images', align: 'right' }],
    classesShown(result).map(({ name, images }) => [name, formatCount(images)]),
  );
  return `${facts}\n${table}`;
}
