import type { Random } from '../core/random.js';
import { type Colour, sample, scaledTo, unmixed, white } from './affine-sample.js';
import { type ColourChange, drawMixing, midGrey, mixColours } from './colour-mixing.js';
import type { Size } from './image.js';
import { type AffineChange, drawMotion, samplingOf } from './motion.js';
import { shiftedCopy } from './shifted-copy.js';

/**
 * Random changes that leave an image what it is. Every part that is left out is off; every draw is uniform unless
 * said otherwise.
 */
export interface Augmentation {
  /**
   * Probability of a mirror image; or `alternating`: a random side in the first pass over the images, then the other in
   * every pass, so that both are seen equally often (Jordan 2024). Where nobody counts passes it is one of a half.
   */
  readonly horizontalFlip?: number | 'alternating';
  /**
   * Shift by whole pixels, in [−n, n] along each axis; with a background of `reflect` that is a random crop after padding by
   * reflection.
   */
  readonly shiftPixels?: number;
  readonly affine?: AffineChange;
  /** Probability of losing all colour (ITU-R BT.601 luma). */
  readonly grey?: number;
  readonly colour?: ColourChange;
  /** A square of mid-grey with its centre anywhere in the image (DeVries and Taylor 2017). */
  readonly cutout?: {
    /** Side, as a fraction of the shorter side of the image. */
    readonly side: number;
    readonly probability?: number;
  };
  /** What lies beyond the edges: a colour (default white), or the image mirrored at its edge pixels. */
  readonly background?: Colour | 'reflect';
}

/**
 * Writes an augmented copy of the image at `source[sourceOffset]` to `target[targetOffset]`, uint8
 * [sourceSize.height, sourceSize.width, 3] and [size.height, size.width, 3]. Geometry is one bilinear sampling, colour is
 * applied to its unrounded result; where nothing falls between pixels they are copied. The outcome depends on the
 * arguments alone; without options it is a copy. The two ranges must not overlap. A source up to twice as large keeps what
 * a resized copy has lost; a larger one would alias. `mirrored` is the side that an alternating flip is at, where that is
 * known.
 */
export function augmentInto(
  source: Uint8Array,
  sourceOffset: number,
  target: Uint8Array,
  targetOffset: number,
  size: Size,
  options: Augmentation,
  random: Random,
  sourceSize: Size = size,
  mirrored?: boolean,
): void {
  const motion = drawMotion(size, options, random, mirrored);
  const recoloured = options.grey !== undefined || options.colour !== undefined;
  const mixing = recoloured ? drawMixing(options.grey ?? 0, options.colour ?? {}, random) : undefined;
  const background = options.background ?? white;
  const { width, height } = size;
  if (options.affine === undefined && sourceSize.width === width && sourceSize.height === height) {
    shiftedCopy(source, sourceOffset, target, targetOffset, size, motion, background);
    if (mixing) mixColours(target, targetOffset, width * height * 3, mixing);
  } else {
    const sampling = scaledTo(sourceSize, size, samplingOf(motion, size));
    sample(
      source,
      sourceOffset,
      sourceSize,
      target,
      targetOffset,
      size,
      sampling,
      mixing ?? unmixed,
      background,
    );
  }
  if (options.cutout !== undefined) cutOut(target, targetOffset, size, options.cutout, random);
}

/**
 * Augmented copies of images that lie one behind the other.
 * @param pixels uint8 [count, sourceSize.height, sourceSize.width, 3]
 * @param randomOf the stream of the image at a position of the batch
 * @param isMirrored side that an alternating flip is at for the image at a position, where that is known
 */
export function augmentBatch(
  pixels: Uint8Array,
  size: Size,
  options: Augmentation,
  randomOf: (position: number) => Random,
  sourceSize: Size = size,
  isMirrored: (position: number) => boolean | undefined = () => undefined,
): Uint8Array {
  const sourceLength = sourceSize.width * sourceSize.height * 3;
  const length = size.width * size.height * 3;
  const count = pixels.length / sourceLength;
  const augmented = new Uint8Array(count * length);
  for (let i = 0; i < count; i++) {
    const [from, to] = [i * sourceLength, i * length];
    augmentInto(pixels, from, augmented, to, size, options, randomOf(i), sourceSize, isMirrored(i));
  }
  return augmented;
}

function cutOut(
  target: Uint8Array,
  targetOffset: number,
  { width, height }: Size,
  { side, probability = 1 }: { side: number; probability?: number },
  random: Random,
): void {
  if (random.uniform() >= probability) return;
  const length = Math.round(side * Math.min(width, height));
  const left = random.integer(width) - (length >> 1);
  const top = random.integer(height) - (length >> 1);
  const from = Math.max(0, left);
  const to = Math.min(width, left + length);
  for (let y = Math.max(0, top); y < Math.min(height, top + length); y++) {
    const row = targetOffset + y * width * 3;
    target.fill(midGrey, row + from * 3, row + to * 3);
  }
}
