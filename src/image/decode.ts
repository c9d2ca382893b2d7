import sharp from 'sharp';
import { type CropRegion, cropImage } from './crop-image.js';
import { type DecodedImage, factsOf } from './decoded-image.js';
import type { Image, Size } from './image.js';
import { type ImageLocation, locationName, readLocation } from './image-location.js';
import {
  type OpenPicture,
  openPicture,
  type PictureLimits,
  pixelsAndPreview,
  pixelsAt,
  pixelsOf,
  webpOf,
} from './open-picture.js';
import { resizeImage } from './resize.js';
import { defaultResizeRule, type Fit, type ResizeRule } from './resize-rule.js';
import { fileNotFound, Stopped, shortReason, tookTooLong, undecodable } from './undecodable.js';

export interface DecodeOptions {
  /** Images of more pixels are refused before they are decoded. Default 100 million. */
  readonly maxPixels?: number;
  /** Files of more bytes are refused before they are read. Default 256 MiB. */
  readonly maxBytes?: number;
  /**
   * Images that take longer are given up, as far as the decoder lets itself be stopped; a `DecodePool` stops any.
   * Default 30 s.
   */
  readonly timeoutMs?: number;
  /** What errors call an image given as bytes. */
  readonly name?: string;
}

export const defaultMaxPixels = 100_000_000;
export const defaultMaxBytes = 256 * 2 ** 20;
export const defaultTimeoutMs = 30_000;

/** Version of the decoders: with another one, files may decode that did not, or otherwise. */
export const decoderVersion: string = `${sharp.versions.sharp ?? 'unknown'}+bmp1+heic1+srgb1+turbo1.2.8`;

/** Version of librsvg, which draws SVG files: with another one, their pixels may differ. */
export const svgRendererVersion: string = sharp.versions.rsvg ?? 'unknown';

/**
 * Decodes a JPEG, PNG, WebP, AVIF, GIF, TIFF, SVG, BMP or HEIC file, from its path or its bytes, to 8-bit sRGB: turned
 * upright as the file says, colour profile applied, alpha laid over white, grey, CMYK, palettes and 16 bits converted;
 * of an animation the first frame, of several pages the first.
 * @throws ImagekinError `file-not-found`, or `image-undecodable` with the reason: not an image, truncated, too large
 */
export function decodeImage(input: ImageLocation | Uint8Array, options: DecodeOptions = {}): Promise<Image> {
  return decode(input, options, pixelsOf);
}

/**
 * Decodes and resizes, which for a large JPEG is several times cheaper than one after the other. What comes out is
 * `resizeImage`'s, but that large reductions are begun by libvips and an SVG is drawn in the size that is wanted.
 */
export function decodeImageTo(
  input: ImageLocation | Uint8Array,
  size: Size,
  rule: ResizeRule | Fit = defaultResizeRule,
  options: DecodeOptions = {},
): Promise<Image> {
  const { width, height } = size;
  const whole = typeof rule === 'string' ? { ...defaultResizeRule, fit: rule } : rule;
  return decode(input, options, async (picture) => ({
    width,
    height,
    data: await pixelsAt(picture, size, whole),
  }));
}

/** What is wanted of a picture beside its pixels, or of which part of it. */
export interface DecodeWishes {
  readonly preview?: boolean;
  /** Only this part, and no preview of it. */
  readonly crop?: CropRegion;
}

/** What `decodeImageTo` gives, with what there is to know of the file, and a preview where one is asked for. */
export function decodeWithFacts(
  input: ImageLocation | Uint8Array,
  size: Size,
  rule: ResizeRule = defaultResizeRule,
  { preview = false, crop, ...options }: DecodeOptions & DecodeWishes = {},
  beforeBlocking?: PictureLimits['beforeBlocking'],
): Promise<DecodedImage> {
  const pixels = async (picture: OpenPicture) => {
    if (crop) return { pixels: resizeImage(await partOf(picture, crop), size, rule).data };
    return preview ? pixelsAndPreview(picture, size, rule) : { pixels: await pixelsAt(picture, size, rule) };
  };
  const take = async (picture: OpenPicture, bytes: Uint8Array) => ({
    ...(await pixels(picture)),
    facts: factsOf(picture, bytes),
  });
  return decode(input, options, take, beforeBlocking);
}

/**
 * The picture as a page shows it: a WebP file of at most `widthPx` across, not enlarged.
 * @returns its bytes in the place of the pixels
 */
export function decodeToWebp(
  input: ImageLocation | Uint8Array,
  widthPx: number,
  options: DecodeOptions = {},
  beforeBlocking?: PictureLimits['beforeBlocking'],
): Promise<DecodedImage> {
  const take = async (picture: OpenPicture, bytes: Uint8Array) => ({
    pixels: await webpOf(picture, widthPx),
    facts: factsOf(picture, bytes),
  });
  return decode(input, options, take, beforeBlocking);
}

async function partOf(picture: OpenPicture, crop: CropRegion): Promise<Image> {
  const part = cropImage(await pixelsOf(picture), crop);
  if (part) return part;
  throw new Error('the part that was asked for has no pixel of it');
}

async function decode<Result>(
  input: ImageLocation | Uint8Array,
  {
    maxPixels = defaultMaxPixels,
    maxBytes = defaultMaxBytes,
    timeoutMs = defaultTimeoutMs,
    name,
  }: DecodeOptions,
  take: (picture: OpenPicture, bytes: Uint8Array) => Promise<Result>,
  beforeBlocking?: PictureLimits['beforeBlocking'],
): Promise<Result> {
  const where = input instanceof Uint8Array ? (name ?? 'image') : locationName(input);
  const limits: PictureLimits = { maxPixels, timeoutMs, beforeBlocking };
  try {
    // Bytes, not a path, go to libvips: it caches opened files by name, and an SVG from memory can name no other file.
    const bytes = input instanceof Uint8Array ? input : await readLocation(input, maxBytes);
    return await take(await openPicture(bytes, limits), bytes);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') throw fileNotFound(where, cause);
    const ranOut = cause instanceof Error && cause.message.startsWith('timeout:');
    if (ranOut)
      throw undecodable(where, tookTooLong(timeoutMs), maxPixels, new Stopped(tookTooLong(timeoutMs)));
    throw undecodable(where, shortReason(cause), maxPixels, cause);
  }
}
