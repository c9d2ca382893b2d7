import sharp, { type Sharp } from 'sharp';
import { ImagekinError, messageOf } from '../core/errors.js';
import type { Image, Size } from './image.js';
import { type ImageLocation, locationName, readLocation } from './image-location.js';
import { defaultResizeRule, type Fit, type ResizeRule } from './resize-rule.js';

export interface DecodeOptions {
  /** Images of more pixels are refused before they are decoded. */
  readonly maxPixels?: number;
  /** Files of more bytes are refused before they are read. */
  readonly maxBytes?: number;
  /** What errors call an image given as bytes. */
  readonly name?: string;
}

export const defaultMaxPixels = 100_000_000;
export const defaultMaxBytes = 256 * 2 ** 20;

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
export function decodeImage(input: ImageLocation | Uint8Array, options: DecodeOptions = {}): Promise<Image> {
  return decode(input, options, (pipeline) => pipeline);
}

/**
 * Decodes and resizes in one pass, which for a large JPEG is several times cheaper than one after the other.
 * Small images are enlarged; the rule is that of `resizeImage`.
 */
export function decodeImageTo(
  input: ImageLocation | Uint8Array,
  size: Size,
  rule: ResizeRule | Fit = defaultResizeRule,
  options: DecodeOptions = {},
): Promise<Image> {
  const { fit, filter, shorterSide } = typeof rule === 'string' ? { ...defaultResizeRule, fit: rule } : rule;
  const margin = fit === 'cover' && shorterSide ? shorterSide / Math.min(size.width, size.height) : 1;
  const width = Math.round(size.width * margin);
  const height = Math.round(size.height * margin);
  return decode(input, options, (pipeline) => {
    const resized = pipeline.resize(width, height, {
      fit: fit === 'stretch' ? 'fill' : fit,
      kernel: kernels[filter],
      background: white,
      // The fast form shrinks a JPEG almost to the target before the kernel runs: 334 × 500 to 32 × 32 moves by a
      // third of a pixel.
      fastShrinkOnLoad: false,
    });
    if (margin === 1) return resized;
    const left = Math.floor((width - size.width) / 2);
    const top = Math.floor((height - size.height) / 2);
    return resized.extract({ left, top, ...size });
  });
}

const kernels = { bilinear: 'linear', bicubic: 'cubic', lanczos: 'lanczos3' } as const;

/**
 * The size of an image as it decodes, turned upright, after a pass over the whole file: a truncated one fails here as
 * it does in `decodeImage`, at less than its cost.
 */
export async function checkImage(
  input: ImageLocation | Uint8Array,
  options: DecodeOptions = {},
): Promise<Size> {
  const name = input instanceof Uint8Array ? options.name : locationName(input);
  const bytes = input instanceof Uint8Array ? input : await readImageFile(input, options);
  await decodeImageTo(bytes, { width: 8, height: 8 }, 'contain', { ...options, name });
  const { autoOrient } = await sharp(bytes).metadata();
  return autoOrient;
}

async function decode(
  input: ImageLocation | Uint8Array,
  options: DecodeOptions,
  resize: (pipeline: Sharp) => Sharp,
): Promise<Image> {
  const { maxPixels = defaultMaxPixels, name = 'image' } = options;
  const where = input instanceof Uint8Array ? name : locationName(input);
  // Bytes, not a path, go to libvips: it caches opened files by name, and an SVG from memory can name no other file.
  const bytes = input instanceof Uint8Array ? input : await readImageFile(input, options);
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

async function readImageFile(location: ImageLocation, options: DecodeOptions): Promise<Uint8Array> {
  const { maxBytes = defaultMaxBytes, maxPixels = defaultMaxPixels } = options;
  const where = locationName(location);
  try {
    return await readLocation(location, maxBytes);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT')
      throw undecodable(where, messageOf(cause), maxPixels, cause);
    throw new ImagekinError('file-not-found', {
      where,
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
