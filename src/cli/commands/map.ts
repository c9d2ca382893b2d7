import { type Command, Option } from 'commander';
import type { MapColouring, MapResult } from '../../app/collection/map-result.js';
import { runInWorker } from '../../app/worker/run-in-worker.js';
import { printable } from '../../core/printable.js';
import { addOutputOptions } from '../common-options.js';
import { wholeNumber } from '../number-options.js';
import { formatCount, formatDuration } from '../quantities.js';
import type { CommonFlags, Outcome, Perform, Session } from '../session.js';
import { textTable } from '../text-table.js';
import { typedCommand } from '../typed-command.js';

interface MapFlags extends CommonFlags {
  readonly out?: readonly string[];
  readonly clusters?: number;
  readonly sample?: number;
  readonly colourBy?: MapColouring;
  readonly seed?: number;
  readonly threads?: number;
}

/** Outliers that are listed before the rest is left to --json and the page. */
const mostListed = 10;

const more = `
Alike images lie near to one another on the map. Clusters are groups of images
that are each other's neighbours; of each there is the image in its middle.
Outliers are farther from all others than is usual in this collection.

What is written is told by the file's name: .html a page to zoom and look about
in, .png a picture, .csv, .jsonl or .json the coordinates. -o may be repeated.

Examples:
  imagekin map photos.kin -o map.html
  imagekin map photos.kin -o map.html -o map.png -o map.csv
  imagekin map photos.kin --clusters 12 -o map.png --color-by label`;

export function addMapCommand(program: Command, perform: Perform): void {
  const command = program
    .command('map')
    .summary('draw a map of a collection, with clusters and outliers')
    .description(
      'Makes a map of a collection: where its images lie, in which groups, and which are like no other.',
    )
    .argument('<collection>', 'a collection')
    .option('-o, --out <file>', 'what to write; may be repeated', (file: string, files: string[] = []) => [
      ...files,
      file,
    ])
    .option(
      '--clusters <n>',
      'make so many clusters (default: as many as there are)',
      wholeNumber('--clusters', { least: 1, most: 10_000 }),
    )
    .option(
      '--sample <n>',
      'lay out so many images, and place the others among them (default: 10000)',
      wholeNumber('--sample', { least: 20, most: 200_000 }),
    )
    .addOption(
      new Option('--color-by <what>', 'colours of the picture (default: cluster)').choices([
        'cluster',
        'label',
      ]),
    )
    .option('--seed <n>', 'another map of the same images (default: 0)', wholeNumber('--seed', { least: 0 }))
    .option(
      '--threads <n>',
      'cores to use (default: all)',
      wholeNumber('--threads', { least: 1, most: 256 }),
    );
  addOutputOptions(command)
    .addHelpText('after', more)
    .action((collection: string, { colorBy, ...flags }: MapFlags & { colorBy?: MapColouring }) =>
      perform(flags, (session) => draw(collection, { ...flags, colourBy: colorBy }, session)),
    );
}

async function draw(collection: string, flags: MapFlags, session: Session): Promise<Outcome> {
  const { out = [], clusters, sample, colourBy, seed, threads } = flags;
  const result = await runInWorker('mapCollection', {
    collection,
    out,
    clusters,
    laidOut: sample,
    colourBy,
    seed,
    threads,
    command: typedCommand(session.args),
    onProgress: session.onProgress,
    signal: session.signal,
  });
  return {
    document: result,
    text: [clustersTable(result), outliersTable(result)].filter(Boolean).join('\n'),
    pictures: out.filter((path) => path.toLowerCase().endsWith('.png')),
    hints: [
      `${formatCount(result.images)} images in ${formatDuration(result.seconds)}; trustworthiness of the map ${result.trustworthiness.toFixed(3)}`,
      ...(out.length === 0
        ? [`to see it: imagekin map ${collection} -o map.html`]
        : [`wrote ${out.join(', ')}`]),
    ],
  };
}

function clustersTable({ clusters }: MapResult): string {
  const labelled = clusters.some(({ label }) => label !== null);
  return textTable(
    [
      { title: 'cluster', align: 'right' },
      { title: 'images', align: 'right' },
      ...(labelled ? [{ title: 'label' }] : []),
      { title: 'in its middle' },
    ],
    clusters.map(({ cluster, images, label, labelShare, medoid }) => [
      String(cluster),
      formatCount(images),
      ...(labelled
        ? [label === null ? '–' : `${printable(label)} ${Math.round(100 * (labelShare ?? 0))} %`]
        : []),
      printable(medoid.path),
    ]),
  );
}

function outliersTable({ outliers }: MapResult): string {
  if (outliers.length === 0) return '';
  const rest = outliers.length - mostListed;
  const table = textTable(
    [{ title: 'outlier', align: 'right' }, { title: 'cluster', align: 'right' }, { title: 'image' }],
    outliers
      .slice(0, mostListed)
      .map(({ score, cluster, path }) => [score.toFixed(1), String(cluster), printable(path)]),
  );
  return rest > 0 ? `${table}${formatCount(rest)} more in --json and on the page\n` : table;
}
