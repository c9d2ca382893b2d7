import { type PerceptualPrint, printSide } from './perceptual-hash.js';

/** How far two prints show the same picture, laid over each other. */
export interface PrintLikeness {
  /** Correlation of luma where they overlap, −1 to 1. */
  readonly correlation: number;
  /** The largest root mean square difference of luma in a cell of 8×8 pixels, in standard deviations of the whole. */
  readonly worstCell: number;
}

const pixels = printSide * printSide;
const middle = (printSide - 1) / 2;
const cellSide = 8;

/** How many pixels a border of the one may lie outside the other: a crop of about 8 %. */
const mostShift = 2.5;
const iterations = 8;
/** Below this before any shift, or this after some, two pictures are not worth more work. */
const leastUnaligned = 0.65;
const leastAfter = { steps: 2, correlation: 0.85 };

/** Pictures whose luma deviates less are of one tone: what is left is noise, and correlates with nothing. */
const flatDeviation = 2;

/** Mean absolute difference of blue and red less luma between two prints, in levels of 0 to 255. */
export function colourDifference({ chroma: a }: PerceptualPrint, { chroma: b }: PerceptualPrint): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += Math.abs(a[i]! - b[i]!);
  // They are stored halved.
  return (2 * sum) / a.length;
}

/**
 * Lays one print over the other and compares them. A crop moves what is left of a picture: shift and scale of both axes
 * are found by least squares (Lucas and Kanade 1981: Gauss–Newton on the differences of luma, both normalised to mean 0
 * and deviation 1, so that brightness and contrast do not matter). Pictures that are far from alike are not laid over
 * each other to the end. Two pictures of one tone correlate fully where the tones are within 4 levels, else not at all.
 */
export function printLikeness(a: PerceptualPrint, b: PerceptualPrint): PrintLikeness {
  const [tone, otherTone] = [moments(a.luma), moments(b.luma)];
  if (tone.deviation < flatDeviation || otherTone.deviation < flatDeviation) {
    const bothFlat = tone.deviation < flatDeviation && otherTone.deviation < flatDeviation;
    const same = bothFlat && Math.abs(tone.mean - otherTone.mean) <= 4;
    return { correlation: same ? 1 : 0, worstCell: same ? 0 : Number.POSITIVE_INFINITY };
  }
  const target = normalised(a.luma, tone);
  const source = normalised(b.luma, otherTone);
  let warp: Warp = [0, 0, 0, 0];
  let moved: Float64Array = source;
  let best = overlap(target, moved);
  if (best.correlation >= leastUnaligned)
    for (let i = 1; i <= iterations && best.correlation < 0.999; i++) {
      const next = nextWarp(target, moved, warp);
      const nextMoved = next && sampled(source, next);
      const found = nextMoved && overlap(target, nextMoved);
      if (!found || found.correlation <= best.correlation) break;
      [warp, moved, best] = [next, nextMoved, found];
      if (i === leastAfter.steps && best.correlation < leastAfter.correlation) break;
    }
  return { correlation: best.correlation, worstCell: worstCell(target, moved, best) };
}

/** Shift and scale in x, shift and scale in y, in pixels at the border. */
type Warp = readonly [number, number, number, number];

interface Moments {
  readonly mean: number;
  readonly deviation: number;
}

function moments(luma: Uint8Array): Moments {
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < pixels; i++) {
    sum += luma[i]!;
    squares += luma[i]! ** 2;
  }
  const mean = sum / pixels;
  return { mean, deviation: Math.sqrt(Math.max(0, squares / pixels - mean * mean)) };
}

function normalised(luma: Uint8Array, { mean, deviation }: Moments): Float64Array {
  const values = new Float64Array(pixels);
  for (let i = 0; i < pixels; i++) values[i] = (luma[i]! - mean) / deviation;
  return values;
}

/** The picture moved and scaled, bilinear; NaN where nothing of it comes to lie. */
function sampled(source: Float64Array, [dx, sx, dy, sy]: Warp): Float64Array {
  const out = new Float64Array(pixels).fill(Number.NaN);
  const columns = places(dx, sx);
  const rows = places(dy, sy);
  for (let y = 0; y < printSide; y++) {
    const row = rows.first[y]!;
    if (row < 0) continue;
    const below = rows.share[y]!;
    for (let x = 0; x < printSide; x++) {
      const column = columns.first[x]!;
      if (column < 0) continue;
      const right = columns.share[x]!;
      const at = row * printSide + column;
      const upper = source[at]! + (source[at + 1]! - source[at]!) * right;
      const left = source[at + printSide]!;
      const lower = left + (source[at + printSide + 1]! - left) * right;
      out[y * printSide + x] = upper + (lower - upper) * below;
    }
  }
  return out;
}

/** For each pixel of an axis the first of the two it lies between, −1 outside the picture, and the second one's share. */
function places(shift: number, scale: number) {
  const first = new Int32Array(printSide);
  const share = new Float64Array(printSide);
  for (let i = 0; i < printSide; i++) {
    const at = i + shift + (scale * (i - middle)) / middle;
    const inside = at >= -0.5 && at <= printSide - 0.5;
    const clamped = Math.max(0, Math.min(printSide - 1, at));
    first[i] = inside ? Math.min(printSide - 2, Math.floor(clamped)) : -1;
    share[i] = clamped - first[i]!;
  }
  return { first, share };
}

interface Overlap {
  readonly correlation: number;
  readonly target: Moments;
  readonly moved: Moments;
}

/** The correlation over the pixels that both have. */
function overlap(target: Float64Array, moved: Float64Array): Overlap {
  let [n, sa, sb, saa, sbb, sab] = [0, 0, 0, 0, 0, 0];
  for (let i = 0; i < pixels; i++) {
    const p = target[i]!;
    const q = moved[i]!;
    if (Number.isNaN(q)) continue;
    n++;
    sa += p;
    sb += q;
    saa += p * p;
    sbb += q * q;
    sab += p * q;
  }
  const of = (sum: number, squares: number) => ({
    mean: sum / n,
    deviation: Math.sqrt(Math.max(1e-12, squares / n - (sum / n) ** 2)),
  });
  const [a, b] = [of(sa, saa), of(sb, sbb)];
  return { correlation: (sab / n - a.mean * b.mean) / (a.deviation * b.deviation), target: a, moved: b };
}

/** A detail that the one has and the other has not shows here, where the correlation of the whole would hide it. */
function worstCell(target: Float64Array, moved: Float64Array, { target: a, moved: b }: Overlap): number {
  let worst = 0;
  for (let top = 0; top < printSide; top += cellSide)
    for (let left = 0; left < printSide; left += cellSide) {
      let [count, sum] = [0, 0];
      for (let y = top; y < top + cellSide; y++)
        for (let x = left; x < left + cellSide; x++) {
          const q = moved[y * printSide + x]!;
          if (Number.isNaN(q)) continue;
          count++;
          sum += ((target[y * printSide + x]! - a.mean) / a.deviation - (q - b.mean) / b.deviation) ** 2;
        }
      if (count > 0) worst = Math.max(worst, sum / count);
    }
  return Math.sqrt(worst);
}

/** One step of Gauss–Newton; `undefined` where nothing decides it. */
function nextWarp(target: Float64Array, moved: Float64Array, warp: Warp): Warp | undefined {
  const matrix = Float64Array.from({ length: 4 * 5 }, (_, i) => (i % 6 === 0 ? 1e-3 * pixels : 0));
  const slopes = new Float64Array(4);
  for (let y = 1; y < printSide - 1; y++)
    for (let x = 1; x < printSide - 1; x++) {
      const at = y * printSide + x;
      slopes[0] = (moved[at + 1]! - moved[at - 1]!) / 2;
      slopes[1] = (slopes[0] * (x - middle)) / middle;
      slopes[2] = (moved[at + printSide]! - moved[at - printSide]!) / 2;
      slopes[3] = (slopes[2] * (y - middle)) / middle;
      const difference = target[at]! - moved[at]!;
      if (Number.isNaN(slopes[0] + slopes[2] + difference)) continue;
      for (let r = 0; r < 4; r++) {
        for (let c = 0; c < 4; c++) matrix[r * 5 + c]! += slopes[r]! * slopes[c]!;
        matrix[r * 5 + 4]! += slopes[r]! * difference;
      }
    }
  const step = solved(matrix);
  if (!step.every(Number.isFinite)) return undefined;
  const bounded = (value: number) => Math.max(-mostShift, Math.min(mostShift, value));
  return warp.map((value, i) => bounded(value + step[i]!)) as unknown as Warp;
}

/**
 * Gauss's elimination of four equations in four unknowns. No pivot need be sought: the matrix is symmetric and positive.
 * @param matrix float64 [4, 5], the right-hand side behind each row; overwritten
 */
function solved(matrix: Float64Array): number[] {
  for (let p = 0; p < 4; p++)
    for (let r = p + 1; r < 4; r++) {
      const factor = matrix[r * 5 + p]! / matrix[p * 5 + p]!;
      for (let c = p; c < 5; c++) matrix[r * 5 + c]! -= factor * matrix[p * 5 + c]!;
    }
  const x = [0, 0, 0, 0];
  for (let r = 3; r >= 0; r--) {
    let sum = matrix[r * 5 + 4]!;
    for (let c = r + 1; c < 4; c++) sum -= matrix[r * 5 + c]! * x[c]!;
    x[r] = sum / matrix[r * 5 + r]!;
  }
  return x;
}
