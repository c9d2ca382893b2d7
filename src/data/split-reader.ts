import type { LabelledImages } from './labelled-images.js';
import type { Split } from './split.js';

/** A source that has been found; a split is read when it is asked for, and no other with it. */
export interface SplitReader {
  read(split: Split): Promise<LabelledImages>;
}
