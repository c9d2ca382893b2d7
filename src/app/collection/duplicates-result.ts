import type { Skipped } from '../../core/progress.js';
import type { DuplicateKind } from './find-duplicates.js';

/** An image of a group. */
export interface ListedCopy {
  readonly id: number;
  /** As it can be opened; of a file in an archive `photos.zip/cats/1.jpg`. */
  readonly path: string;
  /** The best of its group, a copy of that one's bytes, or another file that shows the same. */
  readonly role: 'keep' | 'exact' | 'near';
  readonly width: number | null;
  readonly height: number | null;
  readonly bytes: number | null;
  /** ISO 8601. */
  readonly modifiedAt: string | null;
  readonly label: string | null;
}

export interface ListedGroup {
  readonly kind: 'exact' | 'near';
  /** Bits by which hashes differ from that of the best one, at most: 0 to 64. */
  readonly distance: number;
  /** The best one first. */
  readonly files: readonly ListedCopy[];
}

/** What `dupes` found. The document of `--json`. */
export interface DuplicatesResult {
  readonly collection: string;
  readonly kind: DuplicateKind;
  readonly nearDistance: number;
  readonly images: number;
  /** Images without a print, which were compared by their bytes alone. */
  readonly withoutPrint: number;
  /** Whether neighbours by the model were compared as well; they are not in a collection of more than 100,000 images. */
  readonly neighboursCompared: boolean;
  readonly groups: readonly ListedGroup[];
  /** Images that are more than needed, and their bytes. */
  readonly duplicates: number;
  readonly duplicateBytes: number;
  /** Path of the page. */
  readonly page: string | null;
  /** `null` where nothing was to be moved. */
  readonly moved: {
    readonly to: string;
    /** Puts them back: `imagekin dupes --undo <file>`. `null` where nothing was moved. */
    readonly undoFile: string | null;
    readonly files: readonly {
      readonly id: number;
      readonly from: string;
      readonly to: string;
      readonly bytes: number;
    }[];
  } | null;
  /** Copies that were to be moved, and stay. */
  readonly skipped: readonly Skipped[];
  readonly seconds: number;
}
