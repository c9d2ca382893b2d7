import { constants } from 'node:fs';
import type { Size } from './image.js';
import { type ImageLocation, locationName, readLocation } from './image-location.js';
import { isReducedFirst } from './open-picture.js';
import { readStretch } from './read-stretch.js';
import type { ResizeRule } from './resize-rule.js';
import { mostBytesOfSmallJpeg, smallJpegSize } from './small-jpeg.js';

/** A pipe that nobody writes to must not be waited for. Windows has neither. */
const flags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** Files of other names are not worth a look: they would be read twice. */
const jpegName = /[.](jpe?g|jpe|jfif)$/i;

/**
 * The bytes of a file that is named as a JPEG, where a `SmallJpegDecoder` gives what a `DecodePool` gives of it when it has been resized. Undefined of
 * any other, and of what cannot be read: the pool says why.
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
      return 'all';
    },
    flags,
  );
}
