import sharp from 'sharp';
import type { Size } from './image.js';

/** The size of an image turned upright, from its header alone. */
export async function imageSize(bytes: Uint8Array): Promise<Size> {
  return (await sharp(bytes).metadata()).autoOrient;
}
