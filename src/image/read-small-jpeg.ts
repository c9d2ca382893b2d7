import { constants } from 'node:fs';
import type { Size } from './image.js';
import { type ImageLocation, locationName, readLocation } from './image-location.js';
import { isReducedFirst } from './open-picture.js';
import { readStretch } from './read-stretch.js';
import type { ResizeRule } from './resize-rule.js';
import { mostBytesOfSmallJpeg, smallJpegSize } from './small-jpeg.js';

/** Opening a pipe that nobody writes to must not wait for somebody. Windows has no such flag. */
const flags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** Files of other names are not looked at: whatever is not taken is read once more by the pool. */
const jpegName = /[.](jpe?g|jpe|jfif)$/i;

/**
 * The bytes of a JPEG file from which a `SmallJpegDecoder` and resizing make what a `DecodePool` makes. Undefined of any other file,
 * and of what cannot be read: the pool says why.
 */
export async function readSmallJpeg(
  location: ImageLocation,
  to: Size,
  rule: ResizeRule,
): Promise<Uint8Array | undefined> {
  if (!jpegName.test(locationName(location))) return undefined;
  try {
    const bytes = await (typeof location === 'string'
      ? readFile(location)
      : readLocation(location, mostBytesOfSmallJpeg));
    const size = smallJpegSize(bytes);
    return size && !isReducedFirst(size, to, rule) ? bytes : undefined;
  } catch {
    return undefined;
  }
}

function readFile(path: string): Promise<Uint8Array> {
  return readStretch(
    path,
    (stats) => {
      if (!stats.isFile() || stats.size > mostBytesOfSmallJpeg) throw new Error('no small file');
      // Not to its end: what says that it has no length, as the system's own files do, may have none.
      return { offset: 0, length: stats.size };
    },
    flags,
  );
}
