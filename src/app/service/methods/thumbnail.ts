import type { ServiceMethod } from '../context.js';
import { imageVersion } from '../image-summary.js';
import { requireImage } from '../images/require-image.js';

export interface StoredThumbnail {
  readonly version: string;
  /** WebP; `null` where none is kept: `preview` makes one. */
  readonly bytes: Uint8Array | null;
}

/** The small picture that is kept of an image. */
export const thumbnail: ServiceMethod<{ readonly id: number }, StoredThumbnail> = (context, { id }) =>
  context.collection.catalog.db.snapshot(() => {
    const version = imageVersion(requireImage(context, id));
    const bytes = context.collection.catalog.previews.thumbnail(id);
    // A copy of its own: what goes to another thread takes along all that it is cut from.
    return { version, bytes: bytes ? Uint8Array.from(bytes) : null };
  });
