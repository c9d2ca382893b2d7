import type { Random } from '../core/random.js';
import { type Colour, type Mixing, type Sampling, sample, scaledTo, white } from './affine-sample.js';
import type { Size } from './image.js';

/**
 * Random changes that leave an image what it is. Every part that is left out is off; every draw is uniform unless
 * said otherwise.
 */
export interface Augmentation {
  /** Probability of a mirror image. */
  readonly horizontalFlip?: number;
  /** Shift by whole pixels, in [−n, n] along each axis. */
  readonly shiftPixels?: number;
  /** About the centre of the image. */
  readonly affine?: {
    /** Angle in [−r, r]. */
    readonly rotationDegrees?: number;
    /** Magnification in [low, high], uniform in its logarithm. */
    readonly scale?: readonly [low: number, high: number];
    /** Shift along each axis in [−t, t], as a fraction of its length. */
    readonly translate?: number;
    /** Horizontal shear angle in [−s, s]. */
    readonly shearDegrees?: number;
    /** Width times a, height divided by a, with a in [1/(1 + r), 1 + r], uniform in its logarithm. */
    readonly aspect?: number;
  };
  /** Probability of losing all colour (ITU-R BT.601 luma). */
  readonly grey?: number;
  /**
   * v → centre + contrast · gain · (turned(v) − centre) + brightness, with one gain per channel; turning changes
   * saturation and hue, and leaves greys as they are.
   */
  readonly colour?: {
    /** Added, in [−b, b] of the range of 255. */
    readonly brightness?: number;
    /** Contrast in [1 − c, 1 + c]. */
    readonly contrast?: number;
    /** Gain of each channel in [1 − t, 1 + t], drawn apart. */
    readonly tint?: number;
    /** Distance from grey times [1 − s, 1 + s]. */
    readonly saturation?: number;
    /** Turn about the axis of greys, in [−h, h]. */
    readonly hueDegrees?: number;
    /** What contrast and gain leave as it is. Default 128, mid-grey; with 255 a white ground stays white. */
    readonly centre?: number;
  };
  /** A square of mid-grey with its centre anywhere in the image (DeVries and Taylor 2017). */
  readonly cutout?: {
    /** Side, as a fraction of the shorter side of the image. */
    readonly side: number;
    readonly probability?: number;
  };
  /** What lies beyond the edges: a colour (default white), or the image mirrored at its edge pixels. */
  readonly background?: Colour | 'reflect';
}

const midGrey = 128;

/**
 * Writes an augmented copy of the image at `source[sourceOffset]` to `target[targetOffset]`, uint8
 * [sourceSize.height, sourceSize.width, 3] and [size.height, size.width, 3]. Geometry is one bilinear sampling, colour is
 * applied to its unrounded result. The outcome depends on the arguments alone; without options it is a copy. The two
 * ranges must not overlap. A source up to twice as large keeps what a resized copy has lost; a larger one would alias.
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
): void {
  const sampling = scaledTo(sourceSize, size, drawSampling(size, options, random));
  const mixing = drawMixing(options, random);
  const background = options.background ?? white;
  sample(source, sourceOffset, sourceSize, target, targetOffset, size, sampling, mixing, background);
  if (options.cutout !== undefined) cutOut(target, targetOffset, size, options.cutout, random);
}

/**
 * Augmented copies of images that lie one behind the other.
 * @param pixels uint8 [count, sourceSize.height, sourceSize.width, 3]
 * @param randomOf the stream of the image at a position of the batch
 */
export function augmentBatch(
  pixels: Uint8Array,
  size: Size,
  options: Augmentation,
  randomOf: (position: number) => Random,
  sourceSize: Size = size,
): Uint8Array {
  const sourceLength = sourceSize.width * sourceSize.height * 3;
  const length = size.width * size.height * 3;
  const count = pixels.length / sourceLength;
  const augmented = new Uint8Array(count * length);
  for (let i = 0; i < count; i++)
    augmentInto(pixels, i * sourceLength, augmented, i * length, size, options, randomOf(i), sourceSize);
  return augmented;
}

function drawSampling(size: Size, options: Augmentation, random: Random): Sampling {
  const {
    rotationDegrees = 0,
    scale = [1, 1],
    translate = 0,
    shearDegrees = 0,
    aspect,
  } = options.affine ?? {};
  const flip = random.uniform() < (options.horizontalFlip ?? 0) ? -1 : 1;
  const angle = radians(random.between(-rotationDegrees, rotationDegrees));
  const magnification = Math.exp(random.between(Math.log(scale[0]), Math.log(scale[1])));
  const shear = Math.tan(radians(random.between(-shearDegrees, shearDegrees)));
  const stretchLimit = Math.log(1 + (aspect ?? 0));
  const stretch = aspect === undefined ? 1 : Math.exp(random.between(-stretchLimit, stretchLimit));
  const pixels = options.shiftPixels ?? 0;
  const shiftX = random.between(-translate, translate) * size.width + random.integer(2 * pixels + 1) - pixels;
  const shiftY =
    random.between(-translate, translate) * size.height + random.integer(2 * pixels + 1) - pixels;
  // Forwards: flip, stretch, magnify, shear, rotate, shift. What is sampled is its inverse.
  const cos = Math.cos(angle) / magnification;
  const sin = Math.sin(angle) / magnification;
  const xx = (flip / stretch) * (cos + shear * sin);
  const xy = (flip / stretch) * (sin - shear * cos);
  const yx = -sin * stretch;
  const yy = cos * stretch;
  const centreX = (size.width - 1) / 2;
  const centreY = (size.height - 1) / 2;
  const x0 = centreX - xx * (centreX + shiftX) - xy * (centreY + shiftY);
  const y0 = centreY - yx * (centreX + shiftX) - yy * (centreY + shiftY);
  return { xx, xy, x0, yx, yy, y0 };
}

const luma: Colour = [0.299, 0.587, 0.114];

function drawMixing(options: Augmentation, random: Random): Mixing {
  const {
    brightness = 0,
    contrast = 0,
    tint = 0,
    saturation,
    hueDegrees,
    centre = midGrey,
  } = options.colour ?? {};
  const grey = random.uniform() < (options.grey ?? 0);
  const added = random.between(-brightness, brightness) * 255;
  const spread = random.between(1 - contrast, 1 + contrast);
  const gains = [0, 1, 2].map(() => spread * random.between(1 - tint, 1 + tint));
  const kept = saturation === undefined ? 1 : random.between(1 - saturation, 1 + saturation);
  const angle = hueDegrees === undefined ? 0 : radians(random.between(-hueDegrees, hueDegrees));
  const row = (channel: number): Colour => {
    const turned = hueTurn(channel, angle);
    const share = grey ? 0 : kept;
    // Towards the luma, or away from it: every row still adds up to 1, so greys stay.
    return turned.map(
      (part, i) => gains[channel]! * (share * part + (1 - share) * luma[i]!),
    ) as unknown as Colour;
  };
  const bias = (gain: number) => centre * (1 - gain) + added;
  return { matrix: [row(0), row(1), row(2)], bias: [bias(gains[0]!), bias(gains[1]!), bias(gains[2]!)] };
}

/** One row of the rotation about the axis of greys (1, 1, 1), by Rodrigues' formula. */
function hueTurn(channel: number, angle: number): Colour {
  const even = (1 - Math.cos(angle)) / 3;
  const odd = Math.sin(angle) / Math.sqrt(3);
  const part = (i: number) => {
    const step = (i - channel + 3) % 3;
    return even + (step === 0 ? Math.cos(angle) : step === 1 ? -odd : odd);
  };
  return [part(0), part(1), part(2)];
}

function radians(degrees: number): number {
  return (degrees * Math.PI) / 180;
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
