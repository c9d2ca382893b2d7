import type { Image, Size } from './image.js';

/**
 * The resize rule of imagekin, wherever an image of any size meets a model of one size: scaled, up or down, to cover
 * the target, then cropped about the centre. The kernel is the triangle (bilinear), widened by the reduction factor
 * so that every source pixel counts; edges are extended by weight renormalisation.
 *
 * `decodeImageTo` applies the same rule inside libvips, where pixels may differ by a few levels: libvips halves
 * large images by block averages before the kernel runs.
 */
export function resizeImage(image: Image, size: Size): Image {
  return { ...size, data: resizePixels(image.data, 1, image, size) };
}

/**
 * Resizes `count` images that lie one behind the other. See `resizeImage` for the rule.
 * @param pixels uint8 [count, from.height, from.width, 3]
 * @returns uint8 [count, to.height, to.width, 3]; `pixels` itself where the sizes are equal
 */
export function resizePixels(pixels: Uint8Array, count: number, from: Size, to: Size): Uint8Array {
  if (from.width === to.width && from.height === to.height) return pixels;
  const { x, y } = coverTaps(from, to);
  const sourceLength = from.width * from.height * 3;
  const targetLength = to.width * to.height * 3;
  const target = new Uint8Array(count * targetLength);
  const columns = new Float32Array(from.height * to.width * 3);
  for (let i = 0; i < count; i++) {
    resampleColumns(pixels, i * sourceLength, from, columns, to.width, x);
    resampleRows(columns, target, i * targetLength, to, y);
  }
  return target;
}

/** For each target position of one axis: the first source position it draws on, and its weights, which sum to 1. */
interface Taps {
  readonly first: Int32Array;
  /** float32 [target, taps], rows padded with zeros. */
  readonly weights: Float32Array;
  readonly taps: number;
}

const tapsOfSizes = new Map<string, { x: Taps; y: Taps }>();

function coverTaps(from: Size, to: Size): { x: Taps; y: Taps } {
  const key = `${from.width}x${from.height}>${to.width}x${to.height}`;
  let taps = tapsOfSizes.get(key);
  if (taps === undefined) {
    const scale = Math.max(to.width / from.width, to.height / from.height);
    // The scaled picture has whole pixels before it is cropped, as in libvips.
    const scaledWidth = Math.max(to.width, Math.round(from.width * scale));
    const scaledHeight = Math.max(to.height, Math.round(from.height * scale));
    taps = {
      x: triangleTaps(from.width, scaledWidth, to.width),
      y: triangleTaps(from.height, scaledHeight, to.height),
    };
    // Folders of photographs come in many sizes; the sizes of a data set in memory are few.
    if (tapsOfSizes.size >= 64) tapsOfSizes.clear();
    tapsOfSizes.set(key, taps);
  }
  return taps;
}

/** Taps of the `cropped` central positions of an axis of `length` pixels scaled to `scaled`. */
function triangleTaps(length: number, scaled: number, cropped: number): Taps {
  const step = length / scaled;
  const radius = Math.max(1, step);
  const offset = Math.floor((scaled - cropped + 1) / 2);
  const taps = Math.min(length, Math.ceil(2 * radius) + 1);
  const first = new Int32Array(cropped);
  const weights = new Float32Array(cropped * taps);
  for (let i = 0; i < cropped; i++) {
    const centre = (i + offset + 0.5) * step;
    const low = Math.max(0, Math.min(Math.floor(centre - radius), length - taps));
    let sum = 0;
    for (let t = 0; t < taps; t++) {
      const weight = Math.max(0, 1 - Math.abs(low + t + 0.5 - centre) / radius);
      weights[i * taps + t] = weight;
      sum += weight;
    }
    for (let t = 0; t < taps; t++) weights[i * taps + t]! /= sum;
    first[i] = low;
  }
  return { first, weights, taps };
}

function resampleColumns(
  source: Uint8Array,
  sourceOffset: number,
  from: Size,
  columns: Float32Array,
  width: number,
  { first, weights, taps }: Taps,
): void {
  let out = 0;
  for (let y = 0; y < from.height; y++) {
    const row = sourceOffset + y * from.width * 3;
    for (let x = 0; x < width; x++) {
      let at = row + first[x]! * 3;
      let red = 0;
      let green = 0;
      let blue = 0;
      for (let t = x * taps; t < x * taps + taps; t++) {
        const weight = weights[t]!;
        red += weight * source[at]!;
        green += weight * source[at + 1]!;
        blue += weight * source[at + 2]!;
        at += 3;
      }
      columns[out++] = red;
      columns[out++] = green;
      columns[out++] = blue;
    }
  }
}

function resampleRows(
  columns: Float32Array,
  target: Uint8Array,
  targetOffset: number,
  to: Size,
  { first, weights, taps }: Taps,
): void {
  const stride = to.width * 3;
  for (let y = 0; y < to.height; y++) {
    const top = first[y]! * stride;
    const row = targetOffset + y * stride;
    for (let x = 0; x < stride; x++) {
      let sum = 0.5;
      let at = top + x;
      for (let t = y * taps; t < y * taps + taps; t++) {
        sum += weights[t]! * columns[at]!;
        at += stride;
      }
      target[row + x] = sum;
    }
  }
}
