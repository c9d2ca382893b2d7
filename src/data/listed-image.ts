import type { ImageLocation } from '../image/image-location.js';
import type { ImageSplit } from './split.js';

/** What a manifest says of an image beside the columns that have a meaning here. */
export type ImageMetadata = Readonly<Record<string, string | number | boolean | null>>;

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
  readonly split?: ImageSplit;
  /** What it shares with others that must not stand on the other side of a split: a patient, a scene, a shooting. */
  readonly group?: string;
  /** Whatever else a manifest says. */
  readonly metadata?: ImageMetadata;
}

/** Images in the order of their source. Walked through anew each time, but for those of a stream such as stdin. */
export type Listing = AsyncIterable<ListedImage>;
