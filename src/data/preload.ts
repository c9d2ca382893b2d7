import type { OnProgress } from '../core/progress.js';
import type { Size } from '../image/image.js';
import { InMemoryImages } from './in-memory-images.js';
import type { LabelledImages } from './labelled-images.js';

/**
 * The same images with their pixels at `size` held in memory (length · width · height · 3 bytes), for training that
 * asks for each image many times. Pixels at `size` are equal to those of `images`; so are names, labels, ids and
 * fingerprint.
 */
export async function preload(
  images: LabelledImages,
  size: Size,
  { onProgress, signal }: { onProgress?: OnProgress; signal?: AbortSignal } = {},
): Promise<LabelledImages> {
  const length = size.width * size.height * 3;
  const data = new Uint8Array(images.length * length);
  for (let first = 0; first < images.length; first += blockLength) {
    signal?.throwIfAborted();
    const count = Math.min(blockLength, images.length - first);
    const block = Int32Array.from({ length: count }, (_, i) => first + i);
    data.set(await images.pixels(block, size), first * length);
    onProgress?.({
      task: `loading ${images.name}`,
      done: first + count,
      total: images.length,
      unit: 'images',
    });
  }
  return new InMemoryImages({
    name: images.name,
    classNames: images.classNames,
    labels: images.labels,
    fingerprint: images.fingerprint,
    nativeSize: size,
    skipped: images.skipped,
    id: (index) => images.id(index),
    data,
  });
}

const blockLength = 64;
