import type { Size } from '../image/image.js';

/** Pixels in a batch: more give no more speed, but take more memory. */
const pixelsInBatch = 400_000;
const mostImages = 256;

/** How many images a model takes at once: 256 of 32×32, 8 of 224×224. */
export function batchSizeFor({ width, height }: Size): number {
  return Math.max(1, Math.min(mostImages, Math.round(pixelsInBatch / (width * height))));
}
