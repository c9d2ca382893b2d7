import { ImagekinError } from '../core/errors.js';

/** What an image is for: to learn from, to choose and stop by while learning, to be tested on in the end. */
export type ImageSplit = 'train' | 'val' | 'test';

export const imageSplits: readonly ImageSplit[] = ['train', 'val', 'test'];

/** Which part of a source: one of its splits, or all of them. */
export type Split = ImageSplit | 'all';

export const splits: readonly Split[] = [...imageSplits, 'all'];

/** A source of which no image is for validation was asked for those that are. */
export function noValidationSplit(name: string): ImagekinError {
  return new ImagekinError('empty-source', {
    where: `${name}:val`,
    expected: 'a source with a validation split',
    got: 'one without',
    fix: 'take another split, or write splits of image files down: imagekin data split <source> --val 0.1 -o splits.csv',
  });
}
