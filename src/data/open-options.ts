import type { OnProgress, Skipped } from '../core/progress.js';

/** How a source is found and brought here. Each source takes what concerns it. */
export interface OpenOptions {
  /** Where `cifar10` lies; without it `$IMAGEKIN_DATA`, then `home`. */
  readonly dataDir?: string;
  /** Where downloads and caches live; `imagekinHome()` unless named. */
  readonly home?: string;
  /** Seed of the train/test split of sources that come without one (`emoji`, folders). Default 0. */
  readonly seed?: number;
  /** Whether a source that is not here may be downloaded. Default true. */
  readonly download?: boolean;
  /** A mirror to download from; the file must be the same. */
  readonly downloadUrl?: string;
  /** Gives up on a download of which no byte has come after this long. */
  readonly startTimeoutMs?: number;
  /** Is told of rows, files and folders that a listing (`openListing`) has to leave out. */
  readonly onSkipped?: (skipped: Skipped) => void;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}
