import { ImagekinError } from '../core/errors.js';
import { Random } from '../core/random.js';
import type { ListedImage } from './listed-image.js';
import type { ImageSplit } from './split.js';

/** What a split is drawn by. */
export type SplitBy =
  /** The same share of every class: the classes are the same on both sides. */
  | 'ratio'
  /** A share of the classes: those tested on are not learnt from. */
  | 'class'
  /** A share of the groups: no group is on two sides. */
  | 'group';

export const splitWays: readonly SplitBy[] = ['ratio', 'class', 'group'];

export interface DrawOptions {
  readonly by: SplitBy;
  /** Share of images, classes or groups for testing, and for validation, in [0, 1). */
  readonly test: number;
  readonly val: number;
  readonly seed: number;
}

type Drawn = Pick<ListedImage, 'id' | 'label' | 'group'>;

/**
 * Draws a split for every image.
 *
 * Whatever is drawn (an image, a class, a group) has a number of its own, by the seed and its name: the lowest are for
 * testing, the next for validation. One that is added or removed leaves the others on their side, but for those at the
 * boundaries; a split that was redrawn would test on what was trained on. Two images of a class, one class, one group are
 * left to train on before any goes to another side. An image without a label counts as one of a class of its own kind; an
 * image without a group is a group by itself.
 * @returns the split of each image
 * @throws ImagekinError `too-few-images` where classes or groups are to be parted and there is but one
 */
export function drawSplits(images: readonly Drawn[], options: DrawOptions): ImageSplit[] {
  switch (options.by) {
    case 'ratio':
      return drawByRatio(images, options);
    case 'class':
      return drawWhole(
        images,
        options,
        ({ label = '' }) => label,
        (seed, name) =>
          // The halves called train-classes and unseen-classes are drawn by the same numbers: there the upper are unseen.
          -Random.of(seed, 'unseen classes', name).uniform(),
      );
    case 'group':
      return drawWhole(images, options, groupOf, (seed, name) => Random.of(seed, 'groups', name).uniform());
  }
}

function drawByRatio(images: readonly Drawn[], { seed, ...shares }: DrawOptions): ImageSplit[] {
  const drawn = new Array<ImageSplit>(images.length).fill('train');
  for (const [className, members] of membersBy(images, ({ label = '' }) => label)) {
    const draws = new Map(
      members.map((index) => [index, Random.of(seed, 'folder', className, images[index]!.id).uniform()]),
    );
    const order = [...members].sort((a, b) => draws.get(a)! - draws.get(b)!);
    assign(order, countsOf(members.length, shares, 2), (index, split) => {
      drawn[index] = split;
    });
  }
  return drawn;
}

function drawWhole(
  images: readonly Drawn[],
  { seed, by, ...shares }: DrawOptions,
  nameOf: (image: Drawn) => string,
  drawOf: (seed: number, name: string) => number,
): ImageSplit[] {
  const members = membersBy(images, nameOf);
  if (members.size < 2)
    throw new ImagekinError('too-few-images', {
      where: `a split by ${by}`,
      expected: `at least two ${by === 'class' ? 'classes' : 'groups'}, to part them`,
      got: `${members.size}`,
      fix: 'split by another way, or add images of others',
    });
  const draws = new Map([...members.keys()].map((name) => [name, drawOf(seed, name)]));
  const order = [...members.keys()].sort((a, b) => draws.get(a)! - draws.get(b)! || (a < b ? -1 : 1));
  const drawn = new Array<ImageSplit>(images.length).fill('train');
  assign(order, countsOf(members.size, shares, 1), (name, split) => {
    for (const index of members.get(name)!) drawn[index] = split;
  });
  return drawn;
}

/** How many of `count` are for testing and for validation, where `least` are left to train on. */
function countsOf(
  count: number,
  shares: { readonly test: number; readonly val: number },
  least: number,
): { readonly test: number; readonly val: number } {
  const some = (share: number, most: number) =>
    share === 0 ? 0 : Math.max(0, Math.min(Math.max(1, Math.round(count * share)), most));
  const test = some(shares.test, count - least);
  return { test, val: some(shares.val, count - least - test) };
}

function assign<T>(
  order: readonly T[],
  { test, val }: { readonly test: number; readonly val: number },
  set: (item: T, split: ImageSplit) => void,
): void {
  for (const item of order.slice(0, test)) set(item, 'test');
  for (const item of order.slice(test, test + val)) set(item, 'val');
}

/** Prefixed, so that a lone image is in no group whatever it is called. */
function groupOf({ group, id }: Drawn): string {
  return group === undefined ? `image ${id}` : `group ${group}`;
}

function membersBy(images: readonly Drawn[], nameOf: (image: Drawn) => string): Map<string, number[]> {
  const members = new Map<string, number[]>();
  for (const [index, image] of images.entries()) {
    const name = nameOf(image);
    const known = members.get(name);
    if (known === undefined) members.set(name, [index]);
    else known.push(index);
  }
  return members;
}

/**
 * The halves of a source that comes without any: a fifth for testing, of every class, or of the groups where images have
 * some. Of a single group all is for training.
 */
export function drawHalves(images: readonly Drawn[], seed: number): ImageSplit[] {
  const hasGroups = images.some(({ group }) => group !== undefined);
  if (hasGroups && new Set(images.map(groupOf)).size < 2) return images.map(() => 'train');
  return drawSplits(images, { by: hasGroups ? 'group' : 'ratio', test: 0.2, val: 0, seed });
}
