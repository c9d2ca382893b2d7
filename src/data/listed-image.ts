import type { ImageLocation } from '../image/image-location.js';

/**
 * An image as a source names it, before anybody has looked at it: the file may be damaged, or no image at all. What walks
 * through images one by one (`embed`, `data check`) takes these, so that a list may be longer than memory.
 */
export interface ListedImage {
  /** Stable, human-readable name: a path relative to the source, or what a manifest gives as `id`. */
  readonly id: string;
  readonly location: ImageLocation;
  /** Name of the class; of a folder in a folder, a path such as `shoes/boots`. Left out where there is none. */
  readonly label?: string;
  readonly split?: 'train' | 'val' | 'test';
  /** Whatever else a manifest says. */
  readonly metadata?: Readonly<Record<string, string | number | boolean | null>>;
}

/** Images in the order of their source. Walked through anew each time, but for those of a stream such as stdin. */
export type Listing = AsyncIterable<ListedImage>;
