import { basename, dirname, resolve } from 'node:path';
import { ImagekinError } from '../core/errors.js';
import type { Skipped } from '../core/progress.js';
import { drawHalves } from './draw-splits.js';
import { type LabelledFile, openFileImages } from './file-images.js';
import type { FileSource } from './file-source.js';
import type { ListedImage } from './listed-image.js';
import type { OpenOptions } from './open-options.js';
import { type ImageSplit, imageSplits, noValidationSplit, type Split } from './split.js';
import type { SplitReader } from './split-reader.js';

/** Whether images must have labels. */
export type Labels =
  /** Those without one are listed as skipped; it is an error where none has one. */
  | 'required'
  /** Those without one go under the name of the folder that they lie in. */
  | 'optional';

interface SplitFile extends LabelledFile {
  readonly split: ImageSplit | undefined;
}

/**
 * All images of a source, to be read by splits. Where the source says of any image which split it belongs to, those of which
 * it says nothing belong to none; where it says nothing at all, halves are drawn by `options.seed`. Where no image is for
 * testing, those for validation are.
 *
 * Splits may have no class in common. If training shares any with the others, all of them number the classes of all.
 */
export async function openListed(
  source: FileSource,
  { labels = 'required', ...options }: OpenOptions & { readonly labels?: Labels } = {},
): Promise<SplitReader> {
  const skipped: Skipped[] = [];
  const listed: ListedImage[] = [];
  for await (const image of source.list((skip) => skipped.push(skip))) listed.push(image);
  if (source.unordered) listed.sort((a, b) => (a.id < b.id ? -1 : 1));

  const isGiven = listed.some(({ split }) => split !== undefined);
  const unlabelled = labels === 'optional' ? [] : listed.filter(({ label }) => label === undefined);
  if (labels === 'required' && unlabelled.length === listed.length)
    throw withoutLabels(source, listed.length);
  const used = labels === 'optional' ? listed : listed.filter(({ label }) => label !== undefined);
  const drawn = isGiven ? undefined : drawHalves(used, options.seed ?? 0);
  const files = used.map((image, index) => ({
    id: image.id,
    location: image.location,
    className: image.label ?? folderOf(image),
    split: drawn === undefined ? image.split : drawn[index]!,
    ...(image.metadata && { metadata: image.metadata }),
  }));
  const testSplit = isGiven && !files.some(({ split }) => split === 'test') ? 'val' : 'test';

  return {
    async read(split) {
      if (split === 'val' && !files.some((file) => file.split === 'val'))
        throw noValidationSplit(source.name);
      const wanted = split === 'test' ? testSplit : split;
      return openFileImages(
        {
          name: split === 'all' && labels === 'optional' ? source.name : `${source.name}:${split}`,
          directory: source.directory,
          files: wanted === 'all' ? inOrder(files, labels) : files.filter((file) => file.split === wanted),
          classNames: classNamesOf(files, wanted),
          unseen: source.unseen,
          skipped: [...skipped, ...withoutLabel(unlabelled, isGiven, wanted)],
        },
        options,
      );
    },
  };
}

/** Split by split; as they are listed where it is not about learning. */
function inOrder(files: readonly SplitFile[], labels: Labels): readonly SplitFile[] {
  if (labels === 'optional') return files;
  return [...imageSplits, undefined].flatMap((split) => files.filter((file) => file.split === split));
}

function classNamesOf(files: readonly SplitFile[], split: Split): string[] {
  const names = (chosen: readonly SplitFile[]) =>
    [...new Set(chosen.map(({ className }) => className))].sort();
  if (split === 'all') return names(files);
  const inTrain = new Set(files.filter((file) => file.split === 'train').map(({ className }) => className));
  const ofSplits = files.filter((file) => file.split !== undefined);
  const shared = ofSplits.some((file) => file.split !== 'train' && inTrain.has(file.className));
  return names(shared ? ofSplits : files.filter((file) => file.split === split));
}

/** Images outside of given splits are none of the source's; others are missed by the part that they would belong to. */
function withoutLabel(images: readonly ListedImage[], isGiven: boolean, split: Split): Skipped[] {
  return images
    .filter((image) => (isGiven ? image.split !== undefined && [image.split, 'all'].includes(split) : true))
    .map(({ id, location }) => ({ path: typeof location === 'string' ? location : id, reason: 'no label' }));
}

function folderOf({ location }: ListedImage): string {
  if (typeof location === 'string') return basename(dirname(resolve(location)));
  const folder = dirname(location.name);
  return basename(folder === '.' ? location.archive : folder);
}

function withoutLabels({ name, labelling }: FileSource, images: number): ImagekinError {
  const { expected, fix } = labelling;
  const isFolders = expected.startsWith('one folder per class');
  return new ImagekinError('empty-source', {
    where: name,
    expected,
    got:
      images === 0
        ? 'no image file'
        : `${images} image ${images === 1 ? 'file' : 'files'} ${isFolders ? 'in no class folder' : 'without a label'}`,
    fix,
  });
}
