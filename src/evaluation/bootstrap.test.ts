import { describe, expect, it } from 'vitest';
import { Random } from '../core/random.js';
import { bootstrap, pairedBootstrap } from './bootstrap.js';

/** Normal values of mean 0.5 and deviation 0.1. */
function normal(count: number, seed: number): Float64Array {
  const random = Random.of(seed, 'normal');
  return Float64Array.from({ length: count }, () => 0.5 + 0.1 * random.normal());
}

const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('bootstrap', () => {
  it('gives the interval that normal theory gives for many normal values', () => {
    const values = normal(2000, 1);
    const [{ low, high }] = bootstrap(values, { resamples: 4000 });
    const deviation = Math.sqrt(mean(values.map((value) => (value - mean(values)) ** 2)));
    const half = (1.96 * deviation) / Math.sqrt(2000);
    expect(low).toBeCloseTo(mean(values) - half, 3);
    expect(high).toBeCloseTo(mean(values) + half, 3);
  });

  it('holds the true mean about as often as it says', () => {
    let held = 0;
    for (let seed = 0; seed < 200; seed++) {
      const [{ low, high }] = bootstrap(normal(60, seed), { resamples: 400, confidence: 0.8 });
      if (low <= 0.5 && 0.5 <= high) held++;
    }
    expect(held / 200).toBeGreaterThan(0.72);
    expect(held / 200).toBeLessThan(0.88);
  });

  it('has no width where all values are equal, nor for one value', () => {
    expect(bootstrap([0.25, 0.25, 0.25])).toEqual([{ low: 0.25, high: 0.25 }]);
    expect(bootstrap([0.5])).toEqual([{ low: 0.5, high: 0.5 }]);
  });

  it('resamples all columns of a query together', () => {
    const [first, second] = bootstrap([0, 0, 1, 2, 0, 0, 1, 2, 0, 0], { columns: 2 });
    expect(second).toEqual({ low: 2 * first.low, high: 2 * first.high });
  });

  it('is the same for the same seed, and another for another', () => {
    const values = normal(50, 1);
    expect(bootstrap(values, { seed: 3 })).toEqual(bootstrap(values, { seed: 3 }));
    expect(bootstrap(values, { seed: 3 })).not.toEqual(bootstrap(values, { seed: 4 }));
  });

  it('takes the quantiles asked for', () => {
    const values = normal(50, 1);
    const [narrow] = bootstrap(values, { confidence: 0.5 });
    const [wide] = bootstrap(values, { confidence: 0.99 });
    expect(wide.low).toBeLessThan(narrow.low);
    expect(wide.high).toBeGreaterThan(narrow.high);
  });

  it('refuses no values and options out of range', () => {
    expect(() => bootstrap([])).toThrow(expect.objectContaining({ code: 'too-few-images' }));
    for (const options of [{ resamples: 0 }, { resamples: 1.5 }, { confidence: 1 }, { confidence: 0 }])
      expect(() => bootstrap([1], options)).toThrow(expect.objectContaining({ code: 'wrong-usage' }));
  });
});

describe('pairedBootstrap', () => {
  it('finds a small difference that every query shares, however much the queries differ', () => {
    const first = normal(200, 1);
    const second = first.map((value) => value + 0.01);
    const [{ difference, low, high, p }] = pairedBootstrap(first, second);
    expect(difference).toBeCloseTo(0.01, 12);
    expect([low, high]).toEqual([expect.closeTo(0.01, 12), expect.closeTo(0.01, 12)]);
    // No resample of 1000 goes the other way: 2 · 1/1001.
    expect(p).toBeCloseTo(2 / 1001, 12);
  });

  it('is turned around by turning the models around', () => {
    const [first, second] = [normal(100, 1), normal(100, 2)];
    const [there] = pairedBootstrap(first, second);
    const [back] = pairedBootstrap(second, first);
    expect(back.difference).toBeCloseTo(-there.difference, 12);
    expect(back.low).toBeCloseTo(-there.high, 12);
    expect(back.p).toBe(there.p);
  });

  it('has p 1 for a model and itself', () => {
    const values = normal(100, 1);
    expect(pairedBootstrap(values, values)).toEqual([{ difference: 0, low: 0, high: 0, p: 1 }]);
  });

  it('calls models that differ by chance alone different about as often as p says', () => {
    let called = 0;
    for (let seed = 0; seed < 200; seed++) {
      const [{ p }] = pairedBootstrap(normal(80, 2 * seed), normal(80, 2 * seed + 1), { resamples: 400 });
      if (p < 0.2) called++;
    }
    expect(called / 200).toBeGreaterThan(0.12);
    expect(called / 200).toBeLessThan(0.28);
  });

  it('refuses another number of queries', () => {
    expect(() => pairedBootstrap([1, 2], [1])).toThrow(expect.objectContaining({ code: 'queries-differ' }));
  });
});
