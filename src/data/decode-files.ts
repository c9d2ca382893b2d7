import { decodeImageTo } from '../image/decode.js';
import type { Size } from '../image/image.js';
import { mapConcurrently } from './concurrency.js';

/**
 * The pixels of image files, one behind the other.
 * @returns uint8 [paths.length, size.height, size.width, 3], sRGB
 * @throws what `decodeImageTo` throws of the first that cannot be decoded
 */
export async function decodeFiles(paths: readonly string[], size: Size): Promise<Uint8Array<ArrayBuffer>> {
  const length = size.width * size.height * 3;
  const pixels = new Uint8Array(paths.length * length);
  await mapConcurrently(paths.length, async (position) => {
    pixels.set((await decodeImageTo(paths[position]!, size)).data, position * length);
  });
  return pixels;
}
