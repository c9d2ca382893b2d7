import { createHash } from 'node:crypto';
import type { Size } from './image.js';
import type { ImagePreview } from './preview.js';

/** What there is to know of an image file once it has been read and decoded. */
export interface ImageFacts {
  /** Of the original, turned upright. */
  readonly width: number;
  readonly height: number;
  /** `jpeg`, `png`, `webp`, `avif`, `gif`, `tiff`, `svg`, `bmp` or `heic`: what it is, whatever its name ends in. */
  readonly format: string;
  readonly bytes: number;
  /** Hex, over the file's bytes. */
  readonly sha256: string;
}

export function factsOf(
  { size: { width, height }, format }: { readonly size: Size; readonly format: string },
  bytes: Uint8Array,
): ImageFacts {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { width, height, format, bytes: bytes.length, sha256 };
}

/** An image brought to the size that was asked for. */
export interface DecodedImage {
  /** uint8 [height, width, 3] */
  readonly pixels: Uint8Array;
  readonly facts: ImageFacts;
  /** Whether the pixels lie in memory of their own that can be transferred to another thread. Default false. */
  readonly isTransferable?: boolean;
  /** Where one was asked for. */
  readonly preview?: ImagePreview;
}
