import type { Size } from './image.js';

/** Red, green, blue, each 0 to 255. */
export type Colour = readonly [number, number, number];

export const white: Colour = [255, 255, 255];

/** Where a target pixel comes from: source x = xx · x + xy · y + x0, source y = yx · x + yy · y + y0. */
export interface Sampling {
  readonly xx: number;
  readonly xy: number;
  readonly x0: number;
  readonly yx: number;
  readonly yy: number;
  readonly y0: number;
}

/** What becomes of a sampled colour v: matrix · v + bias. */
export interface Mixing {
  /** Row by row: what red, green and blue are made of. */
  readonly matrix: readonly [Colour, Colour, Colour];
  readonly bias: Colour;
}

/** Leaves colours as they are. */
export const unmixed: Mixing = {
  matrix: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  bias: [0, 0, 0],
};

/** The same places in a source of another size, whose pixels cover the same picture. */
export function scaledTo(source: Size, size: Size, { xx, xy, x0, yx, yy, y0 }: Sampling): Sampling {
  if (source.width === size.width && source.height === size.height) return { xx, xy, x0, yx, yy, y0 };
  const [fx, fy] = [source.width / size.width, source.height / size.height];
  // Pixel centres stand half a pixel inside: (x + ½)·f − ½.
  return {
    xx: xx * fx,
    xy: xy * fx,
    x0: (x0 + 0.5) * fx - 0.5,
    yx: yx * fy,
    yy: yy * fy,
    y0: (y0 + 0.5) * fy - 0.5,
  };
}

/** Writes an image as an affine map and a colour matrix make it: one bilinear sampling, colour applied unrounded. */
export function sample(
  source: Uint8Array,
  sourceOffset: number,
  sourceSize: Size,
  target: Uint8Array,
  targetOffset: number,
  { width, height }: Size,
  { xx, xy, x0, yx, yy, y0 }: Sampling,
  { matrix, bias }: Mixing,
  background: Colour | 'reflect',
): void {
  const ground = background === 'reflect' ? white : background;
  const padded = pad(source, sourceOffset, sourceSize.width, sourceSize.height, ground);
  const stride = (sourceSize.width + padding) * 3;
  const mirrored = background === 'reflect';
  const [[redRed, redGreen, redBlue], [greenRed, greenGreen, greenBlue], [blueRed, blueGreen, blueBlue]] =
    matrix;
  const [biasRed, biasGreen, biasBlue] = bias;
  // Stores round to nearest and clamp, which a Uint8Array's do not.
  const out = new Uint8ClampedArray(target.buffer, target.byteOffset + targetOffset, width * height * 3);
  let at = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let sourceX = xx * x + xy * y + x0;
      let sourceY = yx * x + yy * y + y0;
      if (mirrored) {
        sourceX = reflect(sourceX, sourceSize.width);
        sourceY = reflect(sourceY, sourceSize.height);
      } else {
        sourceX = Math.min(Math.max(sourceX, -1), sourceSize.width);
        sourceY = Math.min(Math.max(sourceY, -1), sourceSize.height);
      }
      const left = Math.floor(sourceX);
      const top = Math.floor(sourceY);
      const right = sourceX - left;
      const below = sourceY - top;
      const weightA = (1 - right) * (1 - below);
      const weightB = right * (1 - below);
      const weightC = (1 - right) * below;
      const weightD = right * below;
      const a = (top + 1) * stride + (left + 1) * 3;
      const c = a + stride;
      const red =
        weightA * padded[a]! + weightB * padded[a + 3]! + weightC * padded[c]! + weightD * padded[c + 3]!;
      const green =
        weightA * padded[a + 1]! +
        weightB * padded[a + 4]! +
        weightC * padded[c + 1]! +
        weightD * padded[c + 4]!;
      const blue =
        weightA * padded[a + 2]! +
        weightB * padded[a + 5]! +
        weightC * padded[c + 2]! +
        weightD * padded[c + 5]!;
      out[at] = redRed * red + redGreen * green + redBlue * blue + biasRed;
      out[at + 1] = greenRed * red + greenGreen * green + greenBlue * blue + biasGreen;
      out[at + 2] = blueRed * red + blueGreen * green + blueBlue * blue + biasBlue;
      at += 3;
    }
  }
}

/** One pixel before and two behind: every position in [−1, length] has a neighbour on either side. */
const padding = 3;

/** A copy of the image framed in `colour`, so that the sampling loop needs no case for the edges. */
function pad(
  source: Uint8Array,
  sourceOffset: number,
  width: number,
  height: number,
  colour: Colour,
): Uint8Array {
  const stride = (width + padding) * 3;
  const padded = new Uint8Array(stride * (height + padding));
  for (let at = 0; at < padded.length; at += 3) {
    padded[at] = colour[0];
    padded[at + 1] = colour[1];
    padded[at + 2] = colour[2];
  }
  for (let y = 0; y < height; y++) {
    const from = sourceOffset + y * width * 3;
    padded.set(source.subarray(from, from + width * 3), (y + 1) * stride + 3);
  }
  return padded;
}

/** Where a position lands when its axis is folded at the centres of its end pixels. */
export function reflect(position: number, length: number): number {
  const last = length - 1;
  let distance = Math.abs(position);
  if (distance > 2 * last) distance = last === 0 ? 0 : distance % (2 * last);
  return distance <= last ? distance : 2 * last - distance;
}
