import type { Image, Size } from './image.js';

/** A part of a picture, from its upper left corner, of the picture as it is seen upright. */
export interface CropRegion {
  /** `fraction`: of the width and the height, from 0 to 1. */
  readonly unit: 'pixels' | 'fraction';
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Where a region lies in a picture, in whole pixels; `undefined` where it is not within it, or empty. */
export function cropIn(size: Size, { unit, x, y, width, height }: CropRegion) {
  const [across, down] = unit === 'pixels' ? [1, 1] : [size.width, size.height];
  const left = Math.round(x * across);
  const top = Math.round(y * down);
  const right = Math.round((x + width) * across);
  const bottom = Math.round((y + height) * down);
  const isWithin = left >= 0 && top >= 0 && right <= size.width && bottom <= size.height;
  if (!isWithin || right <= left || bottom <= top) return undefined;
  return { left, top, width: right - left, height: bottom - top };
}

/** The region's pixels; `undefined` where it is not within the picture, or empty. */
export function cropImage(image: Image, region: CropRegion): Image | undefined {
  const place = cropIn(image, region);
  if (!place) return undefined;
  const { left, top, width, height } = place;
  const data = new Uint8Array(width * height * 3);
  for (let row = 0; row < height; row++) {
    const from = ((top + row) * image.width + left) * 3;
    data.set(image.data.subarray(from, from + width * 3), row * width * 3);
  }
  return { width, height, data };
}
