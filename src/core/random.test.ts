import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from './random.js';

const draws = <T>(count: number, draw: () => T): T[] => Array.from({ length: count }, draw);

/** Σ (observed − expected)² / expected over equally likely outcomes. */
function chiSquare(outcomes: readonly number[], kinds: number): number {
  const counts = new Array<number>(kinds).fill(0);
  for (const outcome of outcomes) counts[outcome]++;
  const expected = outcomes.length / kinds;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

/** χ² of 15 degrees of freedom exceeds this once in 1,000 times; the draws are the same in every run. */
const chiSquare15 = 37.7;

describe('Random', () => {
  // Checkpoints and published figures rest on these numbers: a change of them is a change of every seeded result.
  it('draws the numbers that it has always drawn', () => {
    const random = Random.of(1, 'test');
    expect(draws(6, () => random.uint32())).toEqual([
      3866328200, 3536088144, 3465213181, 3083579595, 3363279220, 4080174166,
    ]);
    expect(Random.of(42).uint32()).toBe(4058006965);
    expect(Random.of(42, 'batch', 17).uint32()).toBe(3597516519);
    expect(Random.of(1, 'test').uniform()).toBe(3866328200 / 2 ** 32);
    expect(Random.of(1, 'test').normal()).toBeCloseTo(0.9543002272680945, 12);
    expect(Random.of(1, 'test').shuffle([0, 1, 2, 3, 4, 5, 6, 7])).toEqual([3, 2, 5, 4, 7, 6, 1, 0]);
    expect(Random.of(1, 'test').sample(4, 1000)).toEqual([200, 772, 497, 172]);
  });
  it('gives the same stream for the same address, whoever else draws', () => {
    const first = Random.of(3, 'batch', 5);
    const expected = draws(10, () => first.uint32());
    const [again, other] = [Random.of(3, 'batch', 5), Random.of(3, 'batch', 6)];
    expect(
      draws(10, () => {
        other.uint32();
        return again.uint32();
      }),
    ).toEqual(expected);
  });
  it('gives other streams for other addresses, however alike', () => {
    const addresses: [number, ...(string | number)[]][] = [
      [1],
      [2],
      [1, 0],
      [1, 'a'],
      [1, 'a', 'b'],
      [1, 'ab'],
      [1, 'b', 'a'],
      [11],
      [1, 1],
      [1, 'A'],
    ];
    const firsts = addresses.map((address) => Random.of(...address).uint32());
    expect(new Set(firsts).size).toBe(addresses.length);
  });
  it('draws first numbers of neighbouring addresses that look independent', () => {
    const firsts = draws(20_000, () => 0).map((_, i) => Random.of(1, 'batch', i).uniform());
    expect(
      chiSquare(
        firsts.map((value) => Math.floor(value * 16)),
        16,
      ),
    ).toBeLessThan(chiSquare15);
    const pairs = firsts.slice(1).map((value, i) => 4 * Math.floor(4 * value) + Math.floor(4 * firsts[i]));
    expect(chiSquare(pairs, 16)).toBeLessThan(chiSquare15);
  });

  it('draws every bit as often as not', () => {
    const random = Random.of(5);
    const numbers = draws(20_000, () => random.uint32());
    for (let bit = 0; bit < 32; bit++) {
      const ones = numbers.filter((number) => (number >>> bit) & 1).length;
      // Four standard deviations.
      expect(Math.abs(ones - 10_000)).toBeLessThan(4 * Math.sqrt(5_000));
    }
  });
  it('draws uniform floats of [0, 1) that do not depend on the one before', () => {
    const random = Random.of(6);
    const values = draws(40_000, () => random.uniform());
    expect(Math.min(...values.slice(0, 1000))).toBeGreaterThanOrEqual(0);
    expect(values.every((value) => value < 1)).toBe(true);
    expect(
      chiSquare(
        values.map((value) => Math.floor(value * 16)),
        16,
      ),
    ).toBeLessThan(chiSquare15);
    const pairs = values.slice(1).map((value, i) => 4 * Math.floor(4 * value) + Math.floor(4 * values[i]));
    expect(chiSquare(pairs, 16)).toBeLessThan(chiSquare15);
  });
  it('draws floats between two numbers', () => {
    const random = Random.of(7);
    for (const value of draws(100, () => random.between(-3, -2))) {
      expect(value).toBeGreaterThanOrEqual(-3);
      expect(value).toBeLessThan(-2);
    }
  });
  it('draws integers below a bound, all equally often', () => {
    const random = Random.of(8);
    expect(
      chiSquare(
        draws(32_000, () => random.integer(16)),
        16,
      ),
    ).toBeLessThan(chiSquare15);
    expect(draws(20, () => random.integer(1))).toEqual(new Array(20).fill(0));
  });
  it('does not favour small integers where the bound does not divide 2³²', () => {
    const random = Random.of(9);
    // The remainder of a 32-bit number by 3·2³⁰ falls below 2³⁰ half of the time, an unbiased draw a third of it.
    const bound = 3 * 2 ** 30;
    const low = draws(3_000, () => random.integer(bound)).filter((value) => value < 2 ** 30).length;
    expect(Math.abs(low - 1_000)).toBeLessThan(4 * Math.sqrt(3_000 * (2 / 9)));
  });
  it('draws normal floats of mean 0, deviation 1 and the right tails', () => {
    const random = Random.of(10);
    const values = draws(40_000, () => random.normal());
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    expect(Math.abs(mean)).toBeLessThan(4 / Math.sqrt(values.length));
    expect(Math.abs(variance - 1)).toBeLessThan(4 * Math.sqrt(2 / values.length));
    const beyondTwo = values.filter((value) => Math.abs(value) > 2).length / values.length;
    expect(beyondTwo).toBeCloseTo(0.0455, 2);
    expect(values.every(Number.isFinite)).toBe(true);
  });
  it('shuffles in place, into every order equally often', () => {
    const items = [0, 1, 2];
    expect(Random.of(1).shuffle(items)).toBe(items);
    const random = Random.of(11);
    const orders = draws(6_000, () => random.shuffle([0, 1, 2]).join(''));
    for (const order of ['012', '021', '102', '120', '201', '210']) {
      const count = orders.filter((found) => found === order).length;
      expect(Math.abs(count - 1_000)).toBeLessThan(4 * Math.sqrt(6_000 * (1 / 6) * (5 / 6)));
    }
  });
  it('shuffles typed arrays', () => {
    expect([...Random.of(1).shuffle(Int32Array.of(1, 2, 3, 4))].sort()).toEqual([1, 2, 3, 4]);
  });
  it('samples distinct integers below the bound, whatever the share', () => {
    const share = fc
      .integer({ min: 0, max: 60 })
      .chain((bound) => fc.tuple(fc.nat(bound), fc.constant(bound)));
    fc.assert(
      fc.property(share, fc.integer(), ([count, bound], seed) => {
        const sample = Random.of(seed).sample(count, bound);
        expect(sample.length).toBe(count);
        expect(new Set(sample).size).toBe(count);
        for (const value of sample) expect(Number.isInteger(value) && value >= 0 && value < bound).toBe(true);
      }),
    );
  });
  it('samples every integer equally often, at every place', () => {
    const random = Random.of(12);
    const samples = draws(16_000, () => random.sample(3, 16));
    for (const place of [0, 1, 2]) {
      expect(
        chiSquare(
          samples.map((sample) => sample[place]),
          16,
        ),
      ).toBeLessThan(chiSquare15);
    }
  });
  it('refuses to sample more than there are', () => {
    expect(() => Random.of(1).sample(3, 2)).toThrow(RangeError);
  });
});
