import { readFile } from 'node:fs/promises';
import sharp, { type Sharp } from 'sharp';
import { ImagekinError, messageOf } from '../core/errors.js';
import type { Image, Size } from './image.js';

/** `cover` fills the target and crops about the centre; `contain` shows the whole picture on white. */
export type Fit = 'cover' | 'contain';

export interface DecodeOptions {
  /** Images of more pixels are refused before they are decoded. */
  readonly maxPixels?: number;
  /** What errors call an image given as bytes. */
  readonly name?: string;
}

export const defaultMaxPixels = 100_000_000;

/** Version of the decoder: with another one, files may decode that did not, or otherwise. */
export const decoderVersion: string = sharp.versions.sharp ?? 'unknown';

/** Version of librsvg, which draws SVG files: with another one, their pixels may differ. */
export const svgRendererVersion: string = sharp.versions.rsvg ?? 'unknown';

const white = { r: 255, g: 255, b: 255 };

/** A decoder that spins on a malicious file is stopped after this long. */
const decodeTimeoutSeconds = 60;

/**
 * Decodes a JPEG, PNG, WebP, GIF (first frame), TIFF, AVIF or SVG file, from its path or its bytes, to 8-bit sRGB:
 * turned upright by its EXIF orientation, colour profile applied, alpha laid over white, grey, CMYK, palettes and
 * 16 bits converted.
 * @throws ImagekinError `file-not-found`, or `image-undecodable` with the reason: not an image, truncated, too large
 */
export function decodeImage(input: string | Uint8Array, options: DecodeOptions = {}): Promise<Image> {
  return decode(input, options, (pipeline) => pipeline);
}

/**
 * Decodes and resizes in one pass, which for a large JPEG is several times cheaper than one after the other.
 * Small images are enlarged; the rule is that of `resizeImage`.
 */
export function decodeImageTo(
  input: string | Uint8Array,
  size: Size,
  fit: Fit = 'cover',
  options: DecodeOptions = {},
): Promise<Image> {
  return decode(input, options, (pipeline) =>
    pipeline.resize(size.width, size.height, {
      fit,
      kernel: 'linear',
      background: white,
      // The fast form shrinks a JPEG almost to the target before the kernel runs: 334 × 500 to 32 × 32 moves by a
      // third of a pixel.
      fastShrinkOnLoad: false,
    }),
  );
}

/**
 * The size of an image as it decodes, turned upright, after a pass over the whole file: a truncated one fails here as
 * it does in `decodeImage`, at less than its cost.
 */
export async function checkImage(input: string | Uint8Array, options: DecodeOptions = {}): Promise<Size> {
  const bytes = typeof input === 'string' ? await readImageFile(input) : input;
  const name = typeof input === 'string' ? input : options.name;
  await decodeImageTo(bytes, { width: 8, height: 8 }, 'contain', { ...options, name });
  const { autoOrient } = await sharp(bytes).metadata();
  return autoOrient;
}

async function decode(
  input: string | Uint8Array,
  { maxPixels = defaultMaxPixels, name }: DecodeOptions,
  resize: (pipeline: Sharp) => Sharp,
): Promise<Image> {
  const where = typeof input === 'string' ? input : (name ?? 'image');
  // Bytes, not a path, go to libvips: it caches opened files by name, and an SVG from memory can name no other file.
  const bytes = typeof input === 'string' ? await readImageFile(input) : input;
  try {
    const upright = sharp(bytes, { failOn: 'error', limitInputPixels: maxPixels })
      .timeout({ seconds: decodeTimeoutSeconds })
      .autoOrient()
      .flatten({ background: white });
    const { data, info } = await resize(upright)
      .toColourspace('srgb')
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    return { width: info.width, height: info.height, data };
  } catch (cause) {
    throw undecodable(where, messageOf(cause), maxPixels, cause);
  }
}

async function readImageFile(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT')
      throw undecodable(path, messageOf(cause), defaultMaxPixels, cause);
    throw new ImagekinError('file-not-found', {
      where: path,
      expected: 'an image file',
      got: 'no such file',
      fix: 'check the path',
      cause,
    });
  }
}

function undecodable(where: string, reason: string, maxPixels: number, cause: unknown): ImagekinError {
  return new ImagekinError('image-undecodable', {
    where,
    expected: `a JPEG, PNG, WebP, GIF, TIFF, AVIF or SVG image of at most ${maxPixels / 1e6} megapixels`,
    got: `"${reason}"`,
    fix: 'repair, convert or remove it',
    cause,
  });
}
