import type { ResizeFilter } from './resize-rule.js';

/**
 * One axis of a resampling: for each target position the first source position it draws on, and its weights.
 *
 * The arithmetic is Pillow's for 8-bit images, to the bit: kernels widened by the reduction factor, cut at the edges
 * and normalised, weights in fixed point, rows rounded to 8 bits before columns are summed. What models from elsewhere
 * were trained on was mostly made that way. (Pillow, src/libImaging/Resample.c.)
 */
export interface Taps {
  readonly first: Int32Array;
  /** How many source positions each target position draws on. */
  readonly counts: Int32Array;
  /** int32 [target, stride] in units of 2⁻²². */
  readonly weights: Int32Array;
  readonly stride: number;
}

export const precisionBits = 22;
const half = 1 << (precisionBits - 1);

interface Kernel {
  /** Beyond this distance it is zero. */
  readonly support: number;
  readonly at: (distance: number) => number;
}

const sinc = (x: number) => (x === 0 ? 1 : Math.sin(x * Math.PI) / (x * Math.PI));

const kernels: Record<ResizeFilter, Kernel> = {
  bilinear: { support: 1, at: (x) => Math.max(0, 1 - Math.abs(x)) },
  // Keys' cubic convolution with a = −½.
  bicubic: {
    support: 2,
    at: (distance) => {
      const x = Math.abs(distance);
      const a = -0.5;
      if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
      return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
    },
  },
  lanczos: { support: 3, at: (x) => (Math.abs(x) < 3 ? sinc(x) * sinc(x / 3) : 0) },
};

/**
 * Taps of `count` target positions from `offset` on, of an axis of `length` pixels scaled to `scaled`.
 */
export function makeTaps(
  length: number,
  scaled: number,
  offset: number,
  count: number,
  filter: ResizeFilter,
): Taps {
  const { support: unscaled, at } = kernels[filter];
  const step = length / scaled;
  const widening = Math.max(1, step);
  const support = unscaled * widening;
  const stride = Math.min(length, Math.ceil(support) * 2 + 1);
  const first = new Int32Array(count);
  const counts = new Int32Array(count);
  const weights = new Int32Array(count * stride);
  const exact = new Float64Array(stride);
  for (let i = 0; i < count; i++) {
    const centre = (offset + i + 0.5) * step;
    const low = Math.max(0, Math.trunc(centre - support + 0.5));
    const taps = Math.min(length, Math.trunc(centre + support + 0.5)) - low;
    let sum = 0;
    for (let t = 0; t < taps; t++) {
      exact[t] = at((low + t - centre + 0.5) / widening);
      sum += exact[t]!;
    }
    for (let t = 0; t < taps; t++) {
      const weight = (exact[t]! / (sum === 0 ? 1 : sum)) * 2 ** precisionBits;
      weights[i * stride + t] = Math.trunc(weight < 0 ? weight - 0.5 : weight + 0.5);
    }
    first[i] = low;
    counts[i] = taps;
  }
  return { first, counts, weights, stride };
}

/** Rows `from` to `to` of an image, each resampled along its width. uint8 [to − from, target, 3] */
export function resampleWidth(
  source: Uint8Array,
  sourceOffset: number,
  width: number,
  rows: { readonly from: number; readonly to: number },
  { first, counts, weights, stride }: Taps,
  target: Uint8ClampedArray,
): void {
  const count = first.length;
  let out = 0;
  for (let y = rows.from; y < rows.to; y++) {
    const row = sourceOffset + y * width * 3;
    for (let x = 0; x < count; x++) {
      let at = row + first[x]! * 3;
      let red = half;
      let green = half;
      let blue = half;
      const begin = x * stride;
      const end = begin + counts[x]!;
      for (let t = begin; t < end; t++) {
        const weight = weights[t]!;
        red = (red + Math.imul(weight, source[at]!)) | 0;
        green = (green + Math.imul(weight, source[at + 1]!)) | 0;
        blue = (blue + Math.imul(weight, source[at + 2]!)) | 0;
        at += 3;
      }
      target[out] = red >> precisionBits;
      target[out + 1] = green >> precisionBits;
      target[out + 2] = blue >> precisionBits;
      out += 3;
    }
  }
}

/**
 * Resamples along the height. `source` holds rows of `rowLength` numbers from row `firstRow` of the image on; rows of
 * the target stand `targetStride` apart.
 */
export function resampleHeight(
  source: Uint8Array | Uint8ClampedArray,
  firstRow: number,
  rowLength: number,
  { first, counts, weights, stride }: Taps,
  target: Uint8ClampedArray,
  targetOffset: number,
  targetStride: number,
): void {
  const sums = new Int32Array(rowLength);
  for (let y = 0; y < first.length; y++) {
    let at = (first[y]! - firstRow) * rowLength;
    let t = y * stride;
    let left = counts[y]!;
    sums.fill(half);
    // Four rows at a time: sums are read and written that much less often.
    for (; left > 4; left -= 4) {
      const [a, b, c, d] = [weights[t]!, weights[t + 1]!, weights[t + 2]!, weights[t + 3]!];
      const [atB, atC, atD] = [at + rowLength, at + 2 * rowLength, at + 3 * rowLength];
      for (let x = 0; x < rowLength; x++)
        sums[x] =
          (sums[x]! +
            Math.imul(a, source[at + x]!) +
            Math.imul(b, source[atB + x]!) +
            Math.imul(c, source[atC + x]!) +
            Math.imul(d, source[atD + x]!)) |
          0;
      at += 4 * rowLength;
      t += 4;
    }
    // What is not there weighs nothing, wherever it is read.
    const a = weights[t]!;
    const b = left > 1 ? weights[t + 1]! : 0;
    const c = left > 2 ? weights[t + 2]! : 0;
    const d = left > 3 ? weights[t + 3]! : 0;
    const atB = left > 1 ? at + rowLength : at;
    const atC = left > 2 ? at + 2 * rowLength : at;
    const atD = left > 3 ? at + 3 * rowLength : at;
    const row = targetOffset + y * targetStride;
    for (let x = 0; x < rowLength; x++) {
      const sum =
        sums[x]! +
        Math.imul(a, source[at + x]!) +
        Math.imul(b, source[atB + x]!) +
        Math.imul(c, source[atC + x]!) +
        Math.imul(d, source[atD + x]!);
      target[row + x] = sum >> precisionBits;
    }
  }
}
