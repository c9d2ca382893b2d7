import { setImmediate } from 'node:timers/promises';
import { bitCount } from '../../image/perceptual-hash.js';

const bands = 4;
const bandBits = 16;
/** Above this, a band of a hash could differ in so many bits that looking all of them up would be slower than a loop. */
export const mostDistance = 19;

export interface NearHashesOptions {
  /** Told now and then how many of the hashes are done with. */
  readonly onProgress?: (done: number) => void;
  readonly signal?: AbortSignal;
}

/** After so many hashes the thread listens to others. */
const stride = 1024;

/**
 * Every pair of hashes that differ in at most `distance` of their 64 bits, by multi-index hashing (Norouzi, Punjani and
 * Fleet 2012, "Fast Search in Hamming Space with Multi-Index Hashing"): cut into four, two such hashes have a quarter in
 * which they differ in at most a fourth of `distance`. So each quarter has a table of its values, in which all values
 * that near are looked up. Nothing is missed, and of 60,000 hashes a few thousand comparisons each are left.
 * Where the fourth is no whole number, not all quarters can differ by more than it rounded down: with distance 13, two
 * are searched to 3 bits and two to 2 (proposition 2 there).
 *
 * @param hashes uint32 [n, 2]
 * @param distance 0 to 19
 * @param onPair called once for each pair, i < j, in no particular order
 */
export async function nearHashes(
  hashes: Uint32Array,
  distance: number,
  onPair: (i: number, j: number, distance: number) => void,
  { onProgress, signal }: NearHashesOptions = {},
): Promise<void> {
  const count = hashes.length / 2;
  const radii = bandRadii(distance);
  for (const [band, radius] of radii.entries()) {
    if (radius < 0) continue;
    const masks = wordsOfAtMost(radius);
    const values = new Uint16Array(count);
    for (let i = 0; i < count; i++) values[i] = bandOf(hashes, i, band);
    const { starts, members } = tableOf(values);
    for (let i = 0; i < count; i++) {
      if (i % stride === stride - 1) {
        onProgress?.(Math.floor((band * count + i) / bands));
        await setImmediate();
        signal?.throwIfAborted();
      }
      const value = values[i]!;
      const [low, high] = [hashes[2 * i]!, hashes[2 * i + 1]!];
      for (let m = 0; m < masks.length; m++) {
        const near = value ^ masks[m]!;
        for (let at = starts[near]!; at < starts[near + 1]!; at++) {
          const j = members[at]!;
          if (j <= i) continue;
          const found = bitCount(low ^ hashes[2 * j]!) + bitCount(high ^ hashes[2 * j + 1]!);
          if (found <= distance && isFirstBand(hashes, i, j, band, radii)) onPair(i, j, found);
        }
      }
    }
  }
}

/** How far each quarter is searched; −1 where it need not be. */
function bandRadii(distance: number): number[] {
  const whole = Math.floor(distance / bands);
  return Array.from({ length: bands }, (_, band) => (band <= distance % bands ? whole : whole - 1));
}

function bandOf(hashes: Uint32Array, i: number, band: number): number {
  return (hashes[2 * i + (band >> 1)]! >>> (bandBits * (band & 1))) & 0xffff;
}

/** A pair that is near in several bands is told of in the first of them. */
function isFirstBand(
  hashes: Uint32Array,
  i: number,
  j: number,
  band: number,
  radii: readonly number[],
): boolean {
  for (let earlier = 0; earlier < band; earlier++)
    if (bitCount(bandOf(hashes, i, earlier) ^ bandOf(hashes, j, earlier)) <= radii[earlier]!) return false;
  return true;
}

/** Which items have each value: `members[starts[v]]` to `members[starts[v + 1] - 1]`. */
function tableOf(values: Uint16Array): { starts: Int32Array; members: Int32Array } {
  const starts = new Int32Array(2 ** bandBits + 1);
  for (const value of values) starts[value + 1]!++;
  for (let v = 0; v < 2 ** bandBits; v++) starts[v + 1]! += starts[v]!;
  const next = starts.slice();
  const members = new Int32Array(values.length);
  for (const [i, value] of values.entries()) members[next[value]!++] = i;
  return { starts, members };
}

/** All words of 16 bits of which at most `radius` are set. */
function wordsOfAtMost(radius: number): Uint16Array {
  return Uint16Array.from({ length: 2 ** bandBits }, (_, word) => word).filter(
    (word) => bitCount(word) <= radius,
  );
}
