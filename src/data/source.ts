import { existsSync, statSync } from 'node:fs';
import { ImagekinError } from '../core/errors.js';
import { openCifar10 } from './cifar10.js';
import { type ClassSplit, classSplits, splitClasses } from './class-split.js';
import { openEmoji } from './emoji.js';
import { openFolder } from './folder.js';
import type { LabelledImages, LabelledSource } from './labelled-images.js';
import type { OpenOptions } from './open-options.js';
import { type Split, type SplitReader, splits } from './split.js';

type OpenReader = (options: OpenOptions) => Promise<SplitReader>;

const builtInSources: Readonly<Record<string, OpenReader>> = {
  cifar10: openCifar10,
  emoji: openEmoji,
};

/** Names of the sources that need no path. */
export const builtInSourceNames: readonly string[] = Object.keys(builtInSources);

/**
 * Opens both halves of a source: `cifar10`, `emoji`, or a directory with one folder per class.
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
  const reader = await openerOf(name)(options);
  return { name, train: await reader.read('train'), test: await reader.read('test') };
}

/**
 * Opens one split of a source, and reads no other: `cifar10:test`, `./shoes:train`, `emoji:all`, or all images of half of
 * its classes: `./shoes:train-classes`, `./shoes:unseen-classes`.
 * @param options.split the split meant where the spec names none; default `all`
 */
export async function openImages(
  spec: string,
  options: OpenOptions & { readonly split?: Split } = {},
): Promise<LabelledImages> {
  const { name, split } = parseSourceSpec(spec);
  const reader = await openerOf(name)(options);
  if (!isClassSplit(split)) return reader.read(split ?? options.split ?? 'all');
  return splitClasses(await reader.read('all'), split, { name: spec, seed: options.seed ?? 0 });
}

/** `name:split` taken apart; a colon followed by anything but a split belongs to the name. */
export function parseSourceSpec(spec: string): { name: string; split: Split | ClassSplit | undefined } {
  const split = [...splits, ...classSplits].find((candidate) => spec.endsWith(`:${candidate}`));
  return { name: split === undefined ? spec : spec.slice(0, -split.length - 1), split };
}

function isClassSplit(split: Split | ClassSplit | undefined): split is ClassSplit {
  return classSplits.some((candidate) => candidate === split);
}

function openerOf(name: string): OpenReader {
  if (Object.hasOwn(builtInSources, name)) return builtInSources[name]!;
  if (existsSync(name) && statSync(name).isDirectory()) return (options) => openFolder(name, options);
  throw new ImagekinError('unknown-source', {
    where: 'source',
    expected: `${builtInSourceNames.join(', ')} or a directory with one folder per class`,
    got: `"${name}"${existsSync(name) ? ', a file' : ''}`,
    fix: `check the spelling or the path; a split is named like ${builtInSourceNames[0]}:test`,
  });
}
