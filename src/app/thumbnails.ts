import type { LabelledImages } from '../data/labelled-images.js';
import type { Image, Size } from '../image/image.js';

/** Size at which pictures of images that differ in size are made. */
const commonSize: Size = { width: 128, height: 128 };

/** Some images of a set, one by one, for pictures. */
export async function imagesAt(images: LabelledImages, indices: readonly number[]): Promise<Image[]> {
  const { width, height } = images.nativeSize ?? commonSize;
  const pixels = await images.pixels(indices, { width, height });
  const length = width * height * 3;
  return indices.map((_, i) => ({ width, height, data: pixels.subarray(i * length, (i + 1) * length) }));
}
