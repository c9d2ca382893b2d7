import { extname } from 'node:path';
import { ImagekinError } from '../core/errors.js';
import { writeFileAtomic } from '../core/files.js';
import type { OnProgress, Skipped } from '../core/progress.js';
import { drawSplits, type SplitBy } from '../data/draw-splits.js';
import type { ListedImage } from '../data/listed-image.js';
import { isListed, openListing } from '../data/listing.js';
import { isManifestName, manifestText, type WrittenImage } from '../data/listings/write-manifest.js';
import type { OpenOptions } from '../data/open-options.js';
import { type ImageSplit, imageSplits } from '../data/split.js';
import { requireWritableFile } from './require-writable.js';

export interface SplitDataOptions {
  /** A source whose images are files, or a part of one: `./shoes`, `scans.csv`, `./shoes:train`. Splits it has are not looked at. */
  readonly source: string;
  /** Path of the manifest that is written, `.csv`, `.tsv` or `.jsonl`. */
  readonly out: string;
  /** `ratio`: of every class the same share; `class`: classes unseen in training; `group`: no group on two sides. Default `ratio`, or `group` with `groupColumn`. */
  readonly by?: SplitBy;
  /** The column of a manifest that says which images belong together. Default `group`. */
  readonly groupColumn?: string;
  /** Share for testing: of images, classes or groups. Default 0.2. */
  readonly test?: number;
  /** Share for validation. Default 0. */
  readonly val?: number;
  /** Default 0. */
  readonly seed?: number;
  readonly open?: OpenOptions;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

export interface SplitCount {
  readonly images: number;
  /** Classes with an image in it. */
  readonly classes: number;
  /** Groups with an image in it; only of a split by group. */
  readonly groups?: number;
}

export interface SplitDataResult {
  readonly source: string;
  /** Path of the manifest. */
  readonly manifest: string;
  readonly by: SplitBy;
  readonly groupColumn: string | null;
  readonly test: number;
  readonly val: number;
  readonly seed: number;
  readonly images: number;
  /** Images without a label; in a split by class they are left out. */
  readonly unlabelled: number;
  readonly splits: Readonly<Record<ImageSplit, SplitCount>>;
  readonly skipped: readonly Skipped[];
}

/**
 * Draws a split for every image of a source and writes it down, in a manifest that is a source itself. The images are listed, not
 * looked at, and nothing of the source is touched. Drawn again from a source that has grown, images stay where they were but
 * for those at the boundaries: see `drawSplits`.
 * @throws ImagekinError `wrong-usage`: shares that leave nothing to train on, a source whose images are no files on disk, or no
 * label or group to split by; `empty-source`
 */
export async function splitData(options: SplitDataOptions): Promise<SplitDataResult> {
  const { source, out, groupColumn, test = 0.2, val = 0, seed = 0 } = options;
  const by = options.by ?? (groupColumn === undefined ? 'ratio' : 'group');
  requireSplittable(options, by, { test, val });
  await requireWritableFile(out);

  const skipped: Skipped[] = [];
  const { images: listed, unlabelled } = await listImages(options, by, (skip) => skipped.push(skip));
  const ofGroups = by === 'group' ? listed.map((image) => withGroup(image, groupColumn)) : listed;
  if (by === 'group') requireGroups(options, ofGroups);
  const drawn = drawSplits(ofGroups, { by, test, val, seed });
  const written = listed.map((image, index) => ({ ...image, split: drawn[index]! }));
  await writeFileAtomic(out, manifestText(out, written));

  return {
    source,
    manifest: out,
    by,
    groupColumn: by === 'group' ? (groupColumn ?? 'group') : null,
    test,
    val,
    seed,
    images: listed.length,
    unlabelled,
    splits: countSplits(ofGroups, drawn, by),
    skipped,
  };
}

async function listImages(
  { source, open, seed = 0, onProgress, signal }: SplitDataOptions,
  by: SplitBy,
  onSkipped: (skipped: Skipped) => void,
): Promise<{ readonly images: WrittenImage[]; readonly unlabelled: number }> {
  const images: WrittenImage[] = [];
  let unlabelled = 0;
  for await (const image of await openListing(source, { ...open, seed, onSkipped, signal })) {
    const { id, label, location } = image;
    if (typeof location !== 'string') throw notOnDisk(source, 'files in an archive');
    if (label === undefined) unlabelled++;
    if (label === undefined && by === 'class') onSkipped({ path: id, reason: 'no label to split by' });
    else images.push({ ...image, location });
    if (images.length % 1000 === 0)
      onProgress?.({ task: `listing ${source}`, done: images.length, unit: 'images' });
  }
  if (images.length > 0) return { images, unlabelled };
  throw new ImagekinError('empty-source', {
    where: source,
    expected: by === 'class' ? 'images with labels' : 'images',
    got: unlabelled > 0 ? `${unlabelled} without a label` : 'none',
    fix: by === 'class' && unlabelled > 0 ? 'split by ratio or group, or give labels' : 'check the path',
  });
}

function requireSplittable(
  { source, out }: SplitDataOptions,
  by: SplitBy,
  { test, val }: { readonly test: number; readonly val: number },
): void {
  if (!isManifestName(out))
    throw new ImagekinError('wrong-usage', {
      where: out,
      expected: 'a manifest to write, .csv, .tsv or .jsonl',
      got: extname(out) === '' ? 'a name without such an end' : `"${extname(out)}"`,
      fix: 'name for example splits.csv',
    });
  const isShare = (share: number) => share >= 0 && share < 1;
  if (!isShare(test) || !isShare(val) || test + val >= 1 || test + val === 0)
    throw new ImagekinError('wrong-usage', {
      where: `a split by ${by}`,
      expected: 'shares for testing and validation of more than 0 and less than 1 together',
      got: `${test} and ${val}`,
      fix: 'leave something to train on: for example 0.2 and 0.1',
    });
  if (!isListed(source)) throw notOnDisk(source, 'images together in files of their own');
}

function notOnDisk(source: string, got: string): ImagekinError {
  return new ImagekinError('wrong-usage', {
    where: source,
    expected: 'image files on disk, since a manifest names each by its path',
    got,
    fix: 'unpack them into a folder, or use the splits that the source has',
  });
}

/** With the group that a column names. */
function withGroup(image: WrittenImage, column: string | undefined): ListedImage {
  if (column === undefined || column === 'group') return image;
  const { group: _, ...others } = image;
  const known: Readonly<Record<string, unknown>> = { label: image.label, id: image.id };
  const cell =
    image.metadata && Object.hasOwn(image.metadata, column) ? image.metadata[column] : known[column];
  return cell === undefined || cell === null || cell === '' ? others : { ...others, group: String(cell) };
}

function requireGroups(
  { source, groupColumn = 'group' }: SplitDataOptions,
  images: readonly ListedImage[],
): void {
  if (images.some(({ group }) => group !== undefined)) return;
  const columns = new Set(images.flatMap(({ metadata = {} }) => Object.keys(metadata)));
  throw new ImagekinError('wrong-usage', {
    where: source,
    expected: `a column "${groupColumn}" that says which images belong together`,
    got: columns.size === 0 ? 'no such column' : `the columns ${[...columns].join(', ')}`,
    fix: 'name the column with --group-column, or split by ratio or class',
  });
}

function countSplits(
  images: readonly ListedImage[],
  drawn: readonly ImageSplit[],
  by: SplitBy,
): Readonly<Record<ImageSplit, SplitCount>> {
  const counted = imageSplits.map((split) => {
    const inSplit = images.filter((_, index) => drawn[index] === split);
    const different = (of: (image: ListedImage) => string | undefined) =>
      new Set(inSplit.map(of).filter((name) => name !== undefined)).size;
    const count: SplitCount = {
      images: inSplit.length,
      classes: different(({ label }) => label),
      ...(by === 'group' && { groups: different(({ group }) => group) }),
    };
    return [split, count] as const;
  });
  return Object.fromEntries(counted) as Record<ImageSplit, SplitCount>;
}
