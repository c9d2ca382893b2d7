import type { Skipped } from '../core/progress.js';
import type { Listing } from './listed-image.js';

export type OnSkipped = (skipped: Skipped) => void;

/** A source whose images are files. It says which there are, and has looked at none of them. */
export interface FileSource {
  /** As the user wrote it, without a split. */
  readonly name: string;
  /** What is learnt of its files is remembered under this directory. */
  readonly directory: string;
  /** What would give its images labels, for those who need some and find none. */
  readonly labelling: { readonly expected: string; readonly fix: string };
  /** Whether its files may not be there: they were written down by somebody, not found. */
  readonly unseen?: boolean;
  /** Whether the order of its images is an accident, as in an archive, so that a set of them is sorted by name. */
  readonly unordered?: boolean;
  /** Whether it can be walked through once only, as a stream. */
  readonly once?: boolean;
  /** @param onSkipped is told of what names no image that could be used */
  list(onSkipped: OnSkipped): Listing;
}
