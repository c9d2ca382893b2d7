import type { Command } from 'commander';
import { isCollection } from '../../app/collection/is-collection.js';
import type { SearchResult } from '../../app/search-images.js';
import { runInWorker } from '../../app/worker/run-in-worker.js';
import { ImagekinError } from '../../core/errors.js';
import {
  addBackboneOptions,
  type BackboneOptionFlags,
  backboneOptionsOf,
  resizeFilters,
} from '../backbone-options.js';
import {
  addEngineOptions,
  addOutputOptions,
  addSourceOptions,
  collected,
  type EngineFlags,
  openOptionsOf,
  type SourceFlags,
} from '../common-options.js';
import { cosineValue, share, wholeNumber } from '../number-options.js';
import { formatCount } from '../quantities.js';
import type { Outcome, Perform, Session } from '../session.js';
import { textTable } from '../text-table.js';
import { type CollectionSearchFlags, searchInCollection } from './search-collection.js';

interface SearchFlags
  extends SourceFlags,
    EngineFlags,
    Omit<BackboneOptionFlags, 'filter'>,
    CollectionSearchFlags {
  readonly model?: string;
  readonly k: number;
  readonly minProbability?: number;
  readonly sheet?: string;
}

const more = `
Where to search is a collection that "imagekin add" has made, which is quick, or
any source, whose images are embedded anew each time by --model.

Images may be JPEG, PNG, WebP, AVIF, HEIC, GIF, TIFF, BMP or SVG files of any
size. The score is the cosine of two embeddings: 1 for the same picture, lower
the less alike. Of a model that "imagekin calibrate" has calibrated, each hit
shows the probability that it is of the query's class.

In a collection, id:12 (or '#12') means its image 12, which is not among its own
results; a file that is in the collection is. Several images are searched for
one by one, or as one query: with --together, or where one has a weight, as in
cat.jpg^2. A lone - reads queries from stdin and answers each line as it comes.

A filter compares columns (id, path, name, label, split, width, height, size,
format, addedAt, modifiedAt) and metadata by its key (camera, gps.lat,
\`lens model\`):
  label = cat                       width > 800 and height > 800
  takenAt >= 2024-01-01             tag in (a, b)
  not (split = test or missing(label))     name ~ "*.png"

Examples:
  imagekin search photos.kin cat.jpg
  imagekin search photos.kin id:12 --filter 'label = cat' --page 2
  imagekin search photos.kin sofa.jpg^2 red.jpg --unlike leather.jpg
  imagekin search photos.kin street.jpg --crop 40%,10%,30%,50% --diversity 0.3
  imagekin search ./photos cat.jpg --model photos.onnx --sheet found.png`;

export function addSearchCommand(program: Command, perform: Perform): void {
  const command = program
    .command('search')
    .summary('find the images most like some image files')
    .description('Finds the images of a collection, or of any source, that are most like some images.')
    .argument(
      '<gallery>',
      'where to search: a collection, or any source, with labels or without: a folder, a manifest, an archive, - for paths on stdin',
    )
    .argument('<image...>', 'images to search for; in a collection also id:12, and - for a list on stdin')
    .option(
      '-m, --model <file>',
      'a model file, the name of a pulled model, or any ONNX model; a collection has its own',
    )
    .option('-k <n>', 'results per image', wholeNumber('-k', { least: 1 }), 10)
    .option(
      '--min-probability <p>',
      'only hits of at least this probability; for calibrated models',
      share('--min-probability', '0.9'),
    )
    .option('--sheet <file>', 'draw the results into a PNG file')
    .optionsGroup('In a collection:')
    .option(
      '-f, --filter <condition>',
      'only images of which it holds; all of several. Of an ONNX model from elsewhere, in a source: the kernel of resizing, as bicubic',
      collected,
    )
    .option('--min-score <s>', 'only hits of at least this score', cosineValue('--min-score', '0.5'))
    .option('--page <n>', 'a further page of results, from 1', wholeNumber('--page', { least: 1 }))
    .option(
      '--offset <n>',
      'results to leave out, in the place of pages',
      wholeNumber('--offset', { least: 0 }),
    )
    .option('--together', 'search for all images as one query')
    .option('--unlike <image>', 'results shall be unlike it; may be repeated, and have a weight', collected)
    .option('--crop <x,y,w,h>', 'the part of each image to search for: pixels, per cent, or shares')
    .option('--diversity <d>', 'how much results shall differ, from 0 to 1', share('--diversity', '0.3'))
    .option(
      '--fold [cosine]',
      'show images as one that are at least so near (default without it: copies of one file; without a number: 0.98)',
      cosineValue('--fold', '0.98'),
    )
    .option('--no-fold', 'show every image, copies too')
    .option('--jsonl', 'print a line of JSON for each query as soon as it is answered')
    .optionsGroup('Options:');
  addEngineOptions(addSourceOptions(command));
  addBackboneOptions(addOutputOptions(command), { filter: false })
    .addHelpText('after', more)
    .action((gallery: string, images: string[], flags: SearchFlags) => {
      if (isCollection(gallery))
        return perform(flags, (session) =>
          searchInCollection(
            gallery,
            images,
            { ...flags, backbone: backboneOptionsOf({ ...flags, filter: undefined }) },
            session,
          ),
        );
      requireNoneOfCollections(gallery, flags);
      const model = requireModel(gallery, flags);
      return perform(flags, (session) => search(gallery, images, model, flags, session));
    });
}

const ofCollections = {
  filter: '--filter',
  minScore: '--min-score',
  page: '--page',
  offset: '--offset',
  together: '--together',
  unlike: '--unlike',
  crop: '--crop',
  diversity: '--diversity',
  fold: '--fold',
  jsonl: '--jsonl',
} as const satisfies Record<keyof CollectionSearchFlags, string>;

function requireNoneOfCollections(gallery: string, flags: CollectionSearchFlags): void {
  const given = Object.entries(ofCollections).find(
    ([name]) =>
      flags[name as keyof CollectionSearchFlags] !== undefined &&
      !(name === 'filter' && resizeFilterOf(flags) !== undefined),
  );
  if (given === undefined) return;
  throw new ImagekinError('wrong-usage', {
    where: given[1],
    expected: 'a collection to search in',
    got: gallery,
    fix: `make one: imagekin add photos.kin ${gallery} --model <file>; or leave the flag out`,
  });
}

/** What --filter means where no collection is searched. */
function resizeFilterOf({ filter = [] }: CollectionSearchFlags): BackboneOptionFlags['filter'] {
  return filter.length === 1 ? resizeFilters.find((name) => name === filter[0]) : undefined;
}

function requireModel(gallery: string, { model }: SearchFlags): string {
  if (model !== undefined) return model;
  throw new ImagekinError('wrong-usage', {
    where: 'search',
    expected: `--model <file>, as ${gallery} is no collection`,
    got: 'none',
    fix: 'name a model file, or a collection that "imagekin add" has made',
  });
}

async function search(
  gallery: string,
  images: readonly string[],
  model: string,
  flags: SearchFlags,
  session: Session,
): Promise<Outcome> {
  const result = await runInWorker('search', {
    gallery,
    images,
    model,
    k: flags.k,
    minProbability: flags.minProbability,
    sheet: flags.sheet,
    backbone: backboneOptionsOf({ ...flags, filter: resizeFilterOf(flags) }),
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
