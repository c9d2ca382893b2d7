import type { Command } from 'commander';
import type { SearchResult } from '../../app/search-images.js';
import { runInWorker } from '../../app/worker/run-in-worker.js';
import { addBackboneOptions, type BackboneOptionFlags, backboneOptionsOf } from '../backbone-options.js';
import {
  addEngineOptions,
  addOutputOptions,
  addSourceOptions,
  type EngineFlags,
  openOptionsOf,
  type SourceFlags,
} from '../common-options.js';
import { share, wholeNumber } from '../number-options.js';
import { formatCount } from '../quantities.js';
import type { Outcome, Perform, Session } from '../session.js';
import { textTable } from '../text-table.js';

interface SearchFlags extends SourceFlags, EngineFlags, BackboneOptionFlags {
  readonly model: string;
  readonly k: number;
  readonly minProbability?: number;
  readonly sheet?: string;
}

const more = `
Images may be JPEG, PNG, WebP, GIF, TIFF, AVIF or SVG files of any size. The
score is the cosine of two embeddings: 1 for the same picture, lower the less
alike. Of a model that "imagekin calibrate" has calibrated, each hit shows the
probability that it is of the query's class.

Examples:
  imagekin search ./photos cat.jpg --model photos.onnx
  imagekin search cifar10:test a.png b.png --model cifar10.onnx -k 5
  imagekin search ./photos cat.jpg --model photos.onnx --sheet found.png`;

export function addSearchCommand(program: Command, perform: Perform): void {
  const command = program
    .command('search')
    .summary('find the images most like some image files')
    .description('Finds the images of a gallery that are most like some image files.')
    .argument(
      '<gallery>',
      'where to search: any source, with labels or without: a folder, a manifest, an archive, - for paths on stdin',
    )
    .argument('<image...>', 'image files to search for')
    .requiredOption('-m, --model <file>', 'a model file, the name of a pulled model, or any ONNX model')
    .option('-k <n>', 'results per image', wholeNumber('-k', { least: 1 }), 10)
    .option(
      '--min-probability <p>',
      'only hits of at least this probability; for calibrated models',
      share('--min-probability', '0.9'),
    )
    .option('--sheet <file>', 'draw the results into a PNG file');
  addEngineOptions(addSourceOptions(command));
  addBackboneOptions(addOutputOptions(command))
    .addHelpText('after', more)
    .action((gallery: string, images: string[], flags: SearchFlags) =>
      perform(flags, (session) => search(gallery, images, flags, session)),
    );
}

async function search(
  gallery: string,
  images: readonly string[],
  flags: SearchFlags,
  session: Session,
): Promise<Outcome> {
  const result = await runInWorker('search', {
    gallery,
    images,
    model: flags.model,
    k: flags.k,
    minProbability: flags.minProbability,
    sheet: flags.sheet,
    backbone: backboneOptionsOf(flags),
    threads: flags.threads,
    device: flags.device,
    open: openOptionsOf(flags),
    onProgress: session.onProgress,
    signal: session.signal,
  });
  session.note(`searched ${formatCount(result.searched)} images of ${result.gallery}`);
  return {
    document: result,
    text: resultsTable(result),
    pictures: result.sheet === null ? [] : [result.sheet],
    skipped: result.skipped,
    hints: result.sheet === null ? [] : [`wrote ${result.sheet}`],
  };
}

/**
 * One table for all queries, so that a line says everything when it is cut out by grep. A column of probabilities where
 * the model gives any.
 */
function resultsTable({ results }: SearchResult): string {
  const calibrated = results.some(({ hits }) => hits.some(({ probability }) => probability !== undefined));
  return textTable(
    [
      { title: 'query' },
      { title: 'rank', align: 'right' },
      { title: 'score', align: 'right' },
      ...(calibrated ? [{ title: 'probability', align: 'right' as const }] : []),
      { title: 'label' },
      { title: 'image' },
    ],
    results.flatMap(({ image, hits }) =>
      hits.map(({ rank, score, probability, label, id }) => [
        image,
        String(rank),
        score.toFixed(4),
        ...(probability === undefined ? [] : [probability.toFixed(3)]),
        label,
        id,
      ]),
    ),
  );
}
