import { type ClassSplit, unseenClasses } from './class-split.js';
import { drawHalves } from './draw-splits.js';
import type { FileSource, OnSkipped } from './file-source.js';
import type { ListedImage, Listing } from './listed-image.js';
import { isClassSplit } from './source-spec.js';
import { noValidationSplit, type Split } from './split.js';

/**
 * The images of one part of a source, the same that `openListed` would find. Splits that the source gives are passed through as
 * they are read, after one look at all of it; to draw halves, all names must be held.
 */
export async function* ofSplit(
  walked: FileSource,
  split: Split | ClassSplit,
  { seed, onSkipped }: { readonly seed: number; readonly onSkipped: OnSkipped },
): Listing & AsyncGenerator<ListedImage> {
  if (split === 'all') {
    yield* walked.list(onSkipped);
    return;
  }
  const source = walked.once ? await held(walked, onSkipped) : walked;
  if (isClassSplit(split)) {
    const labels = new Set<string>();
    for await (const { label } of source.list(() => {})) if (label !== undefined) labels.add(label);
    const unseen = new Set(unseenClasses([...labels].sort(), { name: source.name, seed }));
    for await (const image of source.list(onSkipped))
      if (image.label !== undefined && unseen.has(image.label) === (split === 'unseen-classes')) yield image;
    return;
  }
  const given = new Set<ListedImage['split']>();
  for await (const image of source.list(() => {})) if (image.split !== undefined) given.add(image.split);
  if (split === 'val' && !given.has('val')) throw noValidationSplit(source.name);
  if (given.size > 0) {
    const wanted = split === 'test' && !given.has('test') ? 'val' : split;
    for await (const image of source.list(onSkipped)) if (image.split === wanted) yield image;
    return;
  }
  const all: ListedImage[] = [];
  for await (const image of source.list(onSkipped)) all.push(image);
  const drawn = drawHalves(all, seed);
  for (const [index, image] of all.entries()) if (drawn[index] === split) yield { ...image, split };
}

/** A source that is walked through once, kept to be walked through again. */
async function held(source: FileSource, onSkipped: OnSkipped): Promise<FileSource> {
  const images: ListedImage[] = [];
  for await (const image of source.list(onSkipped)) images.push(image);
  return {
    ...source,
    async *list() {
      yield* images;
    },
  };
}
