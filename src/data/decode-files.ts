import { decodeImageTo } from '../image/decode.js';
import type { Size } from '../image/image.js';
import type { ImageLocation } from '../image/image-location.js';
import type { ResizeRule } from '../image/resize-rule.js';
import { mapConcurrently } from './concurrency.js';

/**
 * The pixels of image files, one behind the other.
 * @returns uint8 [files.length, size.height, size.width, 3], sRGB
 * @throws what `decodeImageTo` throws of the first that cannot be decoded
 */
export async function decodeFiles(
  files: readonly ImageLocation[],
  size: Size,
  rule?: ResizeRule,
): Promise<Uint8Array<ArrayBuffer>> {
  const length = size.width * size.height * 3;
  const pixels = new Uint8Array(files.length * length);
  await mapConcurrently(files.length, async (position) => {
    pixels.set((await decodeImageTo(files[position]!, size, rule)).data, position * length);
  });
  return pixels;
}
