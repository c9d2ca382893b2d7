import type { Random } from '../core/random.js';
import type { Colour, Mixing } from './affine-sample.js';

/**
 * v → centre + contrast · gain · (turned(v) − centre) + brightness, with one gain per channel; turning changes
 * saturation and hue, and leaves greys as they are.
 */
export interface ColourChange {
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
}

const luma: Colour = [0.299, 0.587, 0.114];
export const midGrey = 128;

/**
 * Draws what becomes of the colours of an image.
 * @param greyShare probability of losing all colour (ITU-R BT.601 luma)
 */
export function drawMixing(greyShare: number, change: ColourChange, random: Random): Mixing {
  const { brightness = 0, contrast = 0, tint = 0, saturation, hueDegrees, centre = midGrey } = change;
  const grey = random.uniform() < greyShare;
  const added = random.between(-brightness, brightness) * 255;
  const spread = random.between(1 - contrast, 1 + contrast);
  const gains = [0, 1, 2].map(() => spread * random.between(1 - tint, 1 + tint));
  const kept = saturation === undefined ? 1 : random.between(1 - saturation, 1 + saturation);
  const angle = hueDegrees === undefined ? 0 : (random.between(-hueDegrees, hueDegrees) * Math.PI) / 180;
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

/** Changes the colours of an image where it lies, rounding to nearest. */
export function mixColours(
  pixels: Uint8Array,
  offset: number,
  length: number,
  { matrix, bias }: Mixing,
): void {
  const [[redRed, redGreen, redBlue], [greenRed, greenGreen, greenBlue], [blueRed, blueGreen, blueBlue]] =
    matrix;
  const [biasRed, biasGreen, biasBlue] = bias;
  // Stores round to nearest and clamp, which a Uint8Array's do not.
  const out = new Uint8ClampedArray(pixels.buffer, pixels.byteOffset + offset, length);
  for (let at = 0; at < length; at += 3) {
    const [red, green, blue] = [out[at]!, out[at + 1]!, out[at + 2]!];
    out[at] = redRed * red + redGreen * green + redBlue * blue + biasRed;
    out[at + 1] = greenRed * red + greenGreen * green + greenBlue * blue + biasGreen;
    out[at + 2] = blueRed * red + blueGreen * green + blueBlue * blue + biasBlue;
  }
}
