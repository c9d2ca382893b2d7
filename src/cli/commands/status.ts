import type { Command } from 'commander';
import type { StatusModel, StatusResult } from '../../app/collection/collection-status.js';
import { addOutputOptions } from '../common-options.js';
import { modelText } from '../model-text.js';
import { wholeNumber } from '../number-options.js';
import { formatBytes, formatCount, formatCounted, formatTime } from '../quantities.js';
import type { CommonFlags, Outcome, Perform } from '../session.js';
import { textFacts } from '../text-table.js';

interface StatusFlags extends CommonFlags {
  readonly labels?: number;
}

const more = `
Nothing of the collection is changed, and no index is built: one that is not
there is made by the first search, or by imagekin reindex.

Examples:
  imagekin status photos.kin
  imagekin status photos.kin --labels 100 --json`;

export function addStatusCommand(program: Command, perform: Perform): void {
  const command = program
    .command('status')
    .summary('what there is to say of a collection')
    .description('Shows what a collection holds, how it is indexed, and how much room it takes.')
    .argument('<collection>', 'a folder that imagekin add or import has made')
    .option(
      '--labels <n>',
      'labels to list (default: 10)',
      wholeNumber('--labels', { least: 0, most: 100_000 }),
    );
  addOutputOptions(command)
    .addHelpText('after', more)
    .action((collection: string, flags: StatusFlags) => perform(flags, () => status(collection, flags)));
}

async function status(collection: string, { labels }: StatusFlags): Promise<Outcome> {
  const { collectionStatus } = await import('../../app/collection/collection-status.js');
  const result = await collectionStatus({ collection, labels });
  return { document: result, text: textFacts(factsOf(result)) };
}

function factsOf(result: StatusResult): (readonly [string, string])[] {
  const { failures, sources, reindex, bytes } = result;
  const facts: (readonly [string, string])[] = [['images', imagesText(result)]];
  for (const { label, images: count } of result.largestLabels)
    facts.push(['', `${label}: ${formatCount(count)}`]);
  const others = result.labels - result.largestLabels.length;
  if (others > 0) facts.push(['', formatCounted(others, 'more label')]);
  if (result.unlabelled > 0 && result.labels > 0)
    facts.push(['', `without a label: ${formatCount(result.unlabelled)}`]);
  if (failures > 0) facts.push(['failures', `${formatCounted(failures, 'file')} that could not be used`]);
  for (const [i, { source, images: count, walkedAt }] of sources.entries()) {
    const walked =
      walkedAt === null ? 'not looked through to its end' : `looked through ${formatTime(walkedAt)}`;
    facts.push([i === 0 ? 'sources' : '', `${source}: ${formatCounted(count, 'image')}, ${walked}`]);
  }
  facts.push(['model', aboutModel(result)]);
  if (reindex)
    facts.push([
      'reindex',
      `to ${aboutModel(reindex)}: ${formatCount(reindex.done)} of ${formatCounted(reindex.total, 'image')}, not finished`,
    ]);
  for (const [i, line] of indexLines(result.index).entries()) facts.push([i === 0 ? 'index' : '', line]);
  facts.push([
    'size',
    `${formatBytes(bytes.total)}: catalog ${formatBytes(bytes.catalog)} (thumbnails ${formatBytes(bytes.thumbnails)}, ` +
      `vectors ${formatBytes(bytes.vectors)}), models ${formatBytes(bytes.models)}, index ${formatBytes(bytes.index)}`,
  ]);
  facts.push([
    'made',
    `${formatTime(result.createdAt)} by imagekin ${result.createdWith}, catalog version ${result.schemaVersion}`,
  ]);
  return facts;
}

function imagesText({ images, missing, withoutVector }: StatusResult): string {
  return [
    formatCount(images),
    ...(missing > 0 ? [`${formatCount(missing)} missing`] : []),
    ...(withoutVector > 0 ? [`${formatCount(withoutVector)} without a vector`] : []),
  ].join(', ');
}

function aboutModel(model: StatusModel): string {
  const { dimension, hasFile, calibrated } = model;
  const about = !hasFile
    ? 'vectors alone, no model'
    : calibrated === null
      ? 'file damaged'
      : calibrated
        ? 'calibrated'
        : 'not calibrated';
  return `${modelText(model)}, ${formatCount(dimension)} numbers, ${about}`;
}

function indexLines({ wanted, state }: StatusResult['index']): string[] {
  const told = wanted.kind === 'auto' ? '' : `, as it was told to be`;
  if (state === null) return [`not built yet; the first search builds it`];
  const { kind, quantization, vectors, recall, expansion, tombstones, beside, stale, builtAt } = state;
  const lines = [
    `${kind}${quantization === null ? '' : ` (${quantization})`}${told}: ${formatCounted(vectors, 'vector')}, built ${builtAt === null ? 'in memory' : formatTime(builtAt)}`,
  ];
  if (recall)
    lines.push(
      `recall@10 ${recall.recallAt10.toFixed(4)} against exact search, measured with ${formatCount(recall.queries)} of its ` +
        `own vectors; ${(100 * recall.foundItself).toFixed(1)} % find themselves; expansion ${expansion}`,
    );
  if (tombstones + beside > 0)
    lines.push(
      `${formatCount(tombstones)} no longer valid, ${formatCount(beside)} searched beside the graph`,
    );
  if (stale) lines.push('older than the collection; the next search brings it up to date');
  return lines;
}
