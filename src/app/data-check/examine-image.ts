import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { ImagekinError, messageOf } from '../../core/errors.js';
import { decodeImageTo, defaultMaxBytes } from '../../image/decode.js';
import type { Image, Size } from '../../image/image.js';
import { type ImageLocation, locationName, readLocation } from '../../image/image-location.js';
import { imageSize } from '../../image/image-size.js';
import { type PerceptualPrint, perceptualPrint, printSide } from '../../image/perceptual-hash.js';
import type { ResizeRule } from '../../image/resize-rule.js';

/** The pixels that a model takes. */
export interface ModelInput {
  readonly inputSize: Size;
  readonly resize: ResizeRule;
}

/** All that is kept of a file that decodes, and for a moment the pixels for a model. */
export interface Examined {
  /** Hex, over the bytes of the file. */
  readonly sha256: string;
  readonly print: PerceptualPrint;
  /** Size of the picture, turned upright. */
  readonly size: Size;
  /** uint8 [height, width, 3], where a model is to see them. */
  readonly pixels: Uint8Array | undefined;
}

/** A file that cannot be used. */
export interface Unusable {
  readonly empty: boolean;
  readonly reason: string;
}

/** Reads a file once and decodes it. The whole picture makes the print; a model may see less of it. */
export async function examineImage(
  location: ImageLocation,
  model: ModelInput | undefined,
): Promise<Examined | Unusable> {
  try {
    if ((await bytesAt(location)) === 0) return { empty: true, reason: 'the file is empty' };
    const bytes = await readLocation(location, defaultMaxBytes);
    const name = locationName(location);
    const whole = await decodeImageTo(bytes, { width: printSide, height: printSide }, 'stretch', { name });
    const seen = model && (await decodeImageTo(bytes, model.inputSize, model.resize, { name }));
    return {
      sha256: createHash('sha256').update(bytes).digest('hex'),
      print: perceptualPrint(whole),
      size: await imageSize(bytes),
      pixels: seen?.data,
    };
  } catch (error) {
    const cause = error instanceof ImagekinError ? error.cause : error;
    return { empty: false, reason: reasonOf(messageOf(cause)) };
  }
}

/** Some decoders of libvips give up without a word. */
function reasonOf(message: string): string {
  return message === 'Unknown error' ? 'the decoder gave up: damaged or cut off' : message;
}

async function bytesAt(location: ImageLocation): Promise<number> {
  return typeof location === 'string' ? (await stat(location)).size : location.unpackedBytes;
}

/** A picture of a file for a page, its longer side of at most this. */
export function pictureOf(location: ImageLocation, size: Size, longestPx: number): Promise<Image> {
  const scale = Math.min(1, longestPx / Math.max(size.width, size.height));
  const scaled = (length: number) => Math.max(1, Math.round(length * scale));
  return decodeImageTo(location, { width: scaled(size.width), height: scaled(size.height) }, 'stretch');
}
