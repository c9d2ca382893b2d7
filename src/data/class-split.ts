import { ImagekinError } from '../core/errors.js';
import { Random } from '../core/random.js';
import type { LabelledImages } from './labelled-images.js';
import { selectClasses } from './subset.js';

/** Halves of a source's classes: what a model learns from, and what it is tested on without having met the classes. */
export type ClassSplit = 'train-classes' | 'unseen-classes';

export const classSplits: readonly ClassSplit[] = ['train-classes', 'unseen-classes'];

/**
 * The images of one half of the classes, all of them whatever split they are in. The halves have no class in common: the
 * usual protocol of metric learning (CUB-200, Cars-196), for any source.
 *
 * Every class draws a number of its own by `seed`, and those of the upper half are unseen: a class that is added or removed
 * leaves the others on their side, but for one at the boundary. Of an odd number, one more is trained on.
 *
 * @param all all images of the source
 * @throws ImagekinError `too-few-images` where there are fewer than two classes
 */
export function splitClasses(
  all: LabelledImages,
  split: ClassSplit,
  { name, seed }: { readonly name: string; readonly seed: number },
): LabelledImages {
  const unseen = new Set(unseenClasses(all.classNames, { name, seed }));
  const chosen = [...all.classNames.keys()].filter(
    (c) => unseen.has(all.classNames[c]!) === (split === 'unseen-classes'),
  );
  return selectClasses(all, chosen, name);
}

/**
 * The classes that are not learnt from.
 * @throws ImagekinError `too-few-images` where there are fewer than two classes
 */
export function unseenClasses(
  classNames: readonly string[],
  { name, seed }: { readonly name: string; readonly seed: number },
): string[] {
  if (classNames.length < 2)
    throw new ImagekinError('too-few-images', {
      where: name,
      expected: 'at least two classes, one to learn from and one to be tested on',
      got: `${classNames.length}`,
      fix: 'add folders of other classes',
    });
  const drawOf = (className: string) => Random.of(seed, 'unseen classes', className).uniform();
  const drawn = [...classNames.keys()].sort(
    (a, b) => drawOf(classNames[a]!) - drawOf(classNames[b]!) || a - b,
  );
  return drawn.slice(Math.ceil(classNames.length / 2)).map((c) => classNames[c]!);
}
