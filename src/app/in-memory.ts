import type { OnProgress } from '../core/progress.js';
import { InMemoryImages } from '../data/in-memory-images.js';
import type { LabelledImages } from '../data/labelled-images.js';
import { preload } from '../data/preload.js';
import type { Size } from '../image/image.js';

/** Past this, files are decoded again each time they are asked for. */
const mostBytesInMemory = 2 ** 30;

/** The images with their pixels in memory, where they are not yet and fit: training and validation ask for each many times. */
export async function inMemory(
  images: LabelledImages,
  size: Size,
  watch: { readonly onProgress?: OnProgress; readonly signal?: AbortSignal },
): Promise<LabelledImages> {
  const bytes = images.length * size.width * size.height * 3;
  return images instanceof InMemoryImages || bytes > mostBytesInMemory
    ? images
    : preload(images, size, watch);
}
