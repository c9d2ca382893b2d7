import sharp, { type Sharp, type SharpOptions } from 'sharp';
import { decodeBmp } from './bmp.js';
import { exifFacts } from './exif-facts.js';
import { decodeHeic } from './heic.js';
import type { Image, Size } from './image.js';
import { type ImageFormat, imageFormatOf } from './image-format.js';
import { ordinaryJpeg } from './jpeg-header.js';
import { placePicture } from './placement.js';
import { type ImagePreview, previewOf, thumbnailSize } from './preview.js';
import { type RawPicture, tiffOf } from './raw-picture.js';
import { resizeReduced } from './resize.js';
import type { ResizeFilter, ResizeRule } from './resize-rule.js';
import { isSrgbProfile } from './srgb-profile.js';

/** What may be spent on one picture. */
export interface PictureLimits {
  readonly maxPixels: number;
  readonly timeoutMs: number;
  /** Waited for before a decoder that blocks the thread for as long as it takes. */
  readonly beforeBlocking?: () => Promise<void>;
}

/** A picture whose header has been read; what our own decoders read is decoded already. */
export interface OpenPicture {
  readonly format: ImageFormat;
  /** Turned upright. */
  readonly size: Size;
  /** From the start of a pipeline to 8-bit sRGB, upright, on white. */
  readonly pipeline: () => Sharp;
  /** The EXIF block, where it has one. */
  readonly exif?: () => Promise<Uint8Array | undefined>;
}

const white = { r: 255, g: 255, b: 255 };

/** @throws Error where it is none, or too large */
export async function openPicture(bytes: Uint8Array, limits: PictureLimits): Promise<OpenPicture> {
  if (bytes.length === 0) throw new Error('the file is empty');
  const format = imageFormatOf(bytes);
  if (format === undefined) throw new Error('its first bytes are those of no such format');
  if (format === 'bmp') return openRaw(format, decodeBmp(bytes, limits.maxPixels), limits);
  if (format === 'heic') {
    await limits.beforeBlocking?.();
    const opened = openRaw(format, await decodeHeic(bytes, limits.maxPixels), limits);
    return { ...opened, exif: () => exifOfHeic(bytes) };
  }
  const { size, isSrgb, exif } = await headerOf(bytes, format);
  const { width, height } = size;
  if (width * height > limits.maxPixels) throw new Error(`${width} × ${height} pixels, more than the limit`);
  const options: SharpOptions = { failOn: 'error', limitInputPixels: limits.maxPixels, ignoreIcc: isSrgb };
  return {
    format,
    size,
    pipeline: () => upright(sharp(bytes, options).autoOrient(), limits),
    ...(exif && { exif: async () => exif }),
  };
}

interface Header {
  /** Turned upright. */
  readonly size: Size;
  /** Whether its colour profile is sRGB, so that nothing is to be converted. */
  readonly isSrgb: boolean;
  readonly exif?: Uint8Array;
}

async function headerOf(bytes: Uint8Array, format: ImageFormat): Promise<Header> {
  const ordinary = format === 'jpeg' ? ordinaryJpeg(bytes) : undefined;
  if (ordinary) {
    const { size, components, profile } = ordinary;
    return { size, isSrgb: components === 3 && profile === 'srgb' };
  }
  // Without a limit: a header is read in no time, and our words for it are shorter.
  const read = sharp(bytes, { failOn: 'error', limitInputPixels: false }).metadata();
  const { autoOrient, space, icc, exif } = await read;
  const { width, height } = autoOrient;
  const isSrgb = space === 'srgb' && icc !== undefined && isSrgbProfile(icc);
  return { size: { width, height }, isSrgb, ...(exif && { exif }) };
}

/** libvips cannot decode such pictures, but it reads what stands around them. */
async function exifOfHeic(bytes: Uint8Array): Promise<Uint8Array | undefined> {
  const read = sharp(bytes, { limitInputPixels: false }).metadata();
  return read.then(
    ({ exif }) => exif,
    () => undefined,
  );
}

function openRaw(format: ImageFormat, picture: RawPicture, limits: PictureLimits): OpenPicture {
  const { width, height, channels } = picture;
  const pipeline = () =>
    upright(
      picture.profile === undefined
        ? sharp(picture.data, { raw: { width, height, channels }, limitInputPixels: limits.maxPixels })
        : sharp(tiffOf(picture), { limitInputPixels: limits.maxPixels }),
      limits,
    );
  return { format, size: { width, height }, pipeline };
}

function upright(pipeline: Sharp, { timeoutMs }: PictureLimits): Sharp {
  // A decoder that spins on a malicious file is stopped after this long, where libvips gets to ask for the time.
  return pipeline.timeout({ seconds: Math.ceil(timeoutMs / 1000) }).flatten({ background: white });
}

export async function pixelsOf({ pipeline }: OpenPicture): Promise<Image> {
  return rawPixels(pipeline());
}

/** Longest side that a WebP file may have, in pixels. */
const longestWebpSide = 16_383;

/** A WebP file of the picture, of at most so many pixels across. */
export async function webpOf({ pipeline, size }: OpenPicture, widthPx: number): Promise<Uint8Array> {
  const scale = Math.min(1, widthPx / size.width, longestWebpSide / size.height);
  const width = Math.max(1, Math.round(size.width * scale));
  const height = Math.max(1, Math.round(size.height * scale));
  return pipeline()
    .resize(width, height, { fit: 'fill' })
    .toColourspace('srgb')
    .webp({ quality: 82, effort: 2 })
    .toBuffer();
}

/** Pictures are reduced by libvips to this many times what is wanted before Pillow's resampling takes over. */
const reservedFactor = 3;
/** … where that at least halves the work: a first reduction by little would only blur. */
const worthReducing = 1.5 * reservedFactor;

const vipsKernels = { bilinear: 'linear', bicubic: 'cubic', lanczos: 'lanczos3' } as const;

/**
 * The pixels brought to a size by a rule. Up to 4.5-fold reduction they are Pillow's to the bit (of a PNG, and of a
 * JPEG where libjpeg-turbo decoded it). From there on libvips reduces first, to three times the wanted size; for a
 * photograph of 12 megapixels that costs a quarter of the time, and levels move by 0.25 of 255 in the mean.
 */
export async function pixelsAt(picture: OpenPicture, to: Size, rule: ResizeRule): Promise<Uint8Array> {
  return resizeReduced(...resizing(await reducedFor(picture, to, rule), picture, to, rule));
}

/** The same pixels, and a preview, for which the file is decoded once more only where they are too small. */
export async function pixelsAndPreview(
  picture: OpenPicture,
  to: Size,
  rule: ResizeRule,
): Promise<{ readonly pixels: Uint8Array; readonly preview: ImagePreview }> {
  const { size } = picture;
  const reduced = await reducedFor(picture, to, rule);
  const wanted = thumbnailSize(size);
  const isEnough = reduced.width >= wanted.width && reduced.height >= wanted.height;
  const whole = isEnough ? reduced : await reducedTo(picture, wanted);
  return {
    pixels: resizeReduced(...resizing(reduced, picture, to, rule)),
    preview: await previewOf(whole, size, exifFacts(await picture.exif?.())),
  };
}

function resizing(
  image: Image,
  { size }: OpenPicture,
  to: Size,
  rule: ResizeRule,
): Parameters<typeof resizeReduced> {
  return [image.data, 1, image, size, to, rule];
}

/** For a thumbnail the fast form will do. */
function reducedTo(picture: OpenPicture, { width, height }: Size): Promise<Image> {
  return rawPixels(picture.pipeline().resize(width, height, { fit: 'fill', kernel: 'linear' }));
}

/** The whole picture, reduced by libvips where much is to be reduced. */
async function reducedFor(picture: OpenPicture, to: Size, rule: ResizeRule): Promise<Image> {
  const { size } = picture;
  const { scaled } = placePicture(size, to, rule);
  const pipeline = picture.pipeline();
  const drawn = picture.format === 'svg' && scaled.width * scaled.height <= maxDrawnPixels;
  const first = drawn ? scaled : firstSize(size, scaled);
  if (first.width !== size.width || first.height !== size.height) {
    const kernel: (typeof vipsKernels)[ResizeFilter] = vipsKernels[rule.filter];
    // The fast form would shrink a JPEG by block averages almost to the size that is asked for.
    pipeline.resize(first.width, first.height, { fit: 'fill', kernel, fastShrinkOnLoad: false });
  }
  return rawPixels(pipeline);
}

/** An SVG is drawn in the size that is wanted, unless its proportions make that a wall of which little is shown. */
const maxDrawnPixels = 16_000_000;

/** Whether libvips reduces a picture of `size` before it is brought to a size by a rule. */
export function isReducedFirst(size: Size, to: Size, rule: ResizeRule): boolean {
  const first = firstSize(size, placePicture(size, to, rule).scaled);
  return first.width !== size.width || first.height !== size.height;
}

function firstSize(size: Size, scaled: Size): Size {
  return { width: firstLength(size.width, scaled.width), height: firstLength(size.height, scaled.height) };
}

function firstLength(length: number, scaled: number): number {
  return length > worthReducing * scaled ? reservedFactor * scaled : length;
}

async function rawPixels(pipeline: Sharp): Promise<Image> {
  const { data, info } = await pipeline
    .toColourspace('srgb')
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
}
