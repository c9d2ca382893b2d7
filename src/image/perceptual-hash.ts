import type { Image } from './image.js';

/** Side of the picture that a print is taken from, in pixels: the whole image, each axis scaled by itself. */
export const printSide = 32;

/** Side of the grid of colours in a print. */
const colourSide = 8;

/** Bits of a perceptual hash. */
export const hashBits = 64;

/**
 * Two images are compared by their prints: the hash finds those that may be alike among very many, the two small
 * pictures tell whether they are. 1.2 kB, whatever the size of the image.
 */
export interface PerceptualPrint {
  /** Its 64 bits as two words. */
  readonly hash: readonly [number, number];
  /** uint8 [32, 32]: luma, Rec. 601. */
  readonly luma: Uint8Array;
  /** int8 [8, 8, 2]: blue and red less luma, halved: means over 4×4 pixels. */
  readonly chroma: Int8Array;
}

/**
 * The print of an image of 32×32 pixels.
 * @throws RangeError for another size
 */
export function perceptualPrint({ width, height, data }: Image): PerceptualPrint {
  if (width !== printSide || height !== printSide)
    throw new RangeError(
      `perceptualPrint: expected ${printSide}×${printSide} pixels, got ${width}×${height}; resize it first`,
    );
  const luma = new Uint8Array(printSide * printSide);
  const colours = new Float64Array(colourSide * colourSide * 2);
  const cell = printSide / colourSide;
  for (let i = 0; i < luma.length; i++) {
    const [r, g, b] = [data[3 * i]!, data[3 * i + 1]!, data[3 * i + 2]!];
    const y = 0.299 * r + 0.587 * g + 0.114 * b;
    luma[i] = Math.round(y);
    const at = 2 * (Math.floor(i / printSide / cell) * colourSide + Math.floor((i % printSide) / cell));
    colours[at]! += b - y;
    colours[at + 1]! += r - y;
  }
  const chroma = Int8Array.from(colours, (sum) => Math.round(sum / (cell * cell) / 2));
  return { hash: perceptualHash(luma), luma, chroma };
}

/** A coefficient counts as positive from this share of the root mean square of all 64. */
const deadZone = 0.1;

/**
 * The DCT hash of Zauner (2010, "Implementation and Benchmarking of Perceptual Image Hash Functions", 3.2.1): a bit
 * for each of the 64 lowest frequencies of a 32×32 picture, its mean left out. It outlives what leaves these alone: other
 * sizes and formats, compression, brightness and contrast.
 *
 * Where this one deviates: frequencies are taken by their distance from zero rather than as a square, and a bit says
 * whether the coefficient is above a tenth of their root mean square, rather than above their median. Half of the
 * coefficients of a symmetrical picture are nothing but noise, and a threshold at zero would toss a coin for each.
 *
 * @param luma uint8 [32, 32]
 */
export function perceptualHash(luma: Uint8Array): [number, number] {
  // Rows first, only the frequencies that are needed.
  const rows = new Float64Array(printSide * frequencies);
  for (let y = 0; y < printSide; y++)
    for (let u = 0; u < frequencies; u++) {
      let sum = 0;
      for (let x = 0; x < printSide; x++) sum += luma[y * printSide + x]! * cosines[u * printSide + x]!;
      rows[y * frequencies + u] = sum;
    }
  const coefficients = lowest.map(({ u, v }) => {
    let sum = 0;
    for (let y = 0; y < printSide; y++) sum += rows[y * frequencies + u]! * cosines[v * printSide + y]!;
    return sum;
  });
  const threshold = deadZone * Math.sqrt(coefficients.reduce((sum, c) => sum + c * c, 0) / hashBits);
  const words: [number, number] = [0, 0];
  for (const [bit, value] of coefficients.entries())
    if (value > threshold) words[bit >> 5]! |= 1 << (bit & 31);
  return [words[0] >>> 0, words[1] >>> 0];
}

/** In how many of their 64 bits two hashes differ. */
export function hashDistance(a: readonly [number, number], b: readonly [number, number]): number {
  return bitCount(a[0] ^ b[0]) + bitCount(a[1] ^ b[1]);
}

/** Bits that are set in a word of 32. */
export function bitCount(word: number): number {
  let w = word - ((word >>> 1) & 0x55555555);
  w = (w & 0x33333333) + ((w >>> 2) & 0x33333333);
  return (((w + (w >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
}

/** The 64 lowest frequencies but for the mean, nearest to zero first. */
const lowest: readonly { readonly u: number; readonly v: number }[] = Array.from(
  { length: 12 * 12 },
  (_, i) => ({ u: i % 12, v: Math.floor(i / 12) }),
)
  .filter(({ u, v }) => u + v > 0)
  .sort((a, b) => a.u ** 2 + a.v ** 2 - (b.u ** 2 + b.v ** 2) || a.u - b.u)
  .slice(0, hashBits);

const frequencies = 1 + Math.max(...lowest.map(({ u, v }) => Math.max(u, v)));

/** float64 [frequencies, 32]: the rows of DCT-II, scaled to unit length. */
const cosines = Float64Array.from({ length: frequencies * printSide }, (_, i) => {
  const [u, x] = [Math.floor(i / printSide), i % printSide];
  return Math.sqrt((u === 0 ? 1 : 2) / printSide) * Math.cos((Math.PI * u * (2 * x + 1)) / (2 * printSide));
});
