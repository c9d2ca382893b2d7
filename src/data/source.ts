import { ImagekinError } from '../core/errors.js';
import { splitClasses } from './class-split.js';
import { findSource } from './find-source.js';
import type { LabelledImages, LabelledSource } from './labelled-images.js';
import { type Labels, openListed } from './open-listed.js';
import type { OpenOptions } from './open-options.js';
import { isClassSplit, parseSourceSpec } from './source-spec.js';
import type { Split } from './split.js';
import type { SplitReader } from './split-reader.js';

export { builtInSourceNames } from './find-source.js';
export { parseSourceSpec } from './source-spec.js';

export interface OpenImagesOptions extends OpenOptions {
  /** The split meant where the spec names none. Default `all`. */
  readonly split?: Split;
  /** Whether images need labels, as they do for training. Default `required`. */
  readonly labels?: Labels;
}

/**
 * Opens both halves of a source: `cifar10`, `emoji`, a directory with one folder per class, a manifest, or whatever else
 * `openImages` opens.
 * @throws ImagekinError `unknown-source`; `wrong-usage` where the spec is narrowed to a split
 */
export async function openSource(spec: string, options: OpenOptions = {}): Promise<LabelledSource> {
  const { name, split } = parseSourceSpec(spec);
  if (split !== undefined)
    throw new ImagekinError('wrong-usage', {
      where: spec,
      expected: 'a whole source, since training and test split are both needed',
      got: `its split "${split}"`,
      fix: `write ${name}`,
    });
  const reader = await openReader(name, options);
  return { name, train: await reader.read('train'), test: await reader.read('test') };
}

/**
 * Opens one split of a source, and reads no other: `cifar10:test`, `./shoes:train`, `emoji:all`, or all images of half of
 * its classes: `./shoes:train-classes`, `./shoes:unseen-classes`. A source is one that is built in, a directory, a manifest
 * (`shoes.csv`, `shoes.jsonl`), an archive (`shoes.zip`, `shoes.tar`), a pattern (`photos/*.jpg`), a folder with the IDX
 * files of MNIST, an image file, or `-` for a list of paths on standard input.
 * @throws ImagekinError `unknown-source`; `empty-source` where there is no image, or none with a label and labels are required
 */
export async function openImages(spec: string, options: OpenImagesOptions = {}): Promise<LabelledImages> {
  const { name, split } = parseSourceSpec(spec);
  const reader = await openReader(name, options);
  if (!isClassSplit(split)) return reader.read(split ?? options.split ?? 'all');
  return splitClasses(await reader.read('all'), split, { name: spec, seed: options.seed ?? 0 });
}

async function openReader(name: string, options: OpenImagesOptions): Promise<SplitReader> {
  const found = findSource(name);
  return found.kind === 'files' ? openListed(found.files, options) : found.open(options);
}
