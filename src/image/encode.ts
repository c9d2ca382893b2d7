import sharp from 'sharp';
import type { Image } from './image.js';

/** The image as a PNG file, without metadata, so that equal pixels give equal bytes. */
export function encodePng(image: Image): Promise<Buffer> {
  return sharp(image.data, { raw: { width: image.width, height: image.height, channels: 3 } })
    .png({ compressionLevel: 9 })
    .toBuffer();
}
