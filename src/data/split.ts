import type { LabelledImages } from './labelled-images.js';

/** Which part of a source: what a model learns from, what it is tested on, or both. */
export type Split = 'train' | 'test' | 'all';

export const splits: readonly Split[] = ['train', 'test', 'all'];

/** A source that has been found; a split is read when it is asked for, and no other with it. */
export interface SplitReader {
  read(split: Split): Promise<LabelledImages>;
}
