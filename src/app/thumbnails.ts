import type { LabelledImages } from '../data/labelled-images.js';
import type { Image, Size } from '../image/image.js';

/** Size at which pictures of images that differ in size are made. */
const commonSize: Size = { width: 128, height: 128 };

/** What a picture needs of an image; photographs of several megapixels are not held whole for it. */
const longestSidePx = 160;

/** Some images of a set, one by one, for pictures. */
export async function imagesAt(images: LabelledImages, indices: readonly number[]): Promise<Image[]> {
  const { width, height } = thumbnailSize(images.nativeSize ?? commonSize);
  const pixels = await images.pixels(indices, { width, height });
  const length = width * height * 3;
  return indices.map((_, i) => ({ width, height, data: pixels.subarray(i * length, (i + 1) * length) }));
}

/** The size itself, or one of its proportions with the longer side at the limit. */
function thumbnailSize({ width, height }: Size): Size {
  const scale = Math.min(1, longestSidePx / Math.max(width, height));
  const scaled = (length: number) => Math.max(1, Math.round(length * scale));
  return { width: scaled(width), height: scaled(height) };
}
