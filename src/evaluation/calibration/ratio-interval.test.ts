import { describe, expect, it } from 'vitest';
import { Random } from '../../core/random.js';
import { ratioIntervals, wilsonInterval } from './ratio-interval.js';

describe('wilsonInterval', () => {
  it('gives what tables give', () => {
    // Newcombe (1998), table I: 81 of 263, and 0 of 20.
    const some = wilsonInterval(81 / 263, 263);
    expect(some.low).toBeCloseTo(0.2553, 4);
    expect(some.high).toBeCloseTo(0.3662, 4);
    const none = wilsonInterval(0, 20);
    expect(none.low).toBe(0);
    expect(none.high).toBeCloseTo(0.1611, 4);
  });
});

/** Entries that are each a cluster of their own. */
const apart = (count: number) => {
  const clusters = Int32Array.from({ length: count }, (_, i) => i);
  return { clusters, partners: clusters };
};

describe('ratioIntervals', () => {
  it('holds the true share in about 95 of 100 repetitions, where clusters stand and fall together', () => {
    let [clustered, naive] = [0, 0];
    const repetitions = 200;
    for (let seed = 0; seed < repetitions; seed++) {
      const random = Random.of(seed, 'coverage');
      // Sixty clusters of ten trials each, with a share of their own: 0.2 or 1.0, so 0.6 on the whole.
      const hits = Float64Array.from({ length: 60 }, () => {
        const own = random.integer(2) ? 0.2 : 1;
        return Array.from({ length: 10 }, () => (random.uniform() < own ? 1 : 0)).reduce<number>(
          (sum, hit) => sum + hit,
          0,
        );
      });
      const [estimate] = ratioIntervals([{ hits, trials: new Float64Array(60).fill(10) }], apart(60), {
        resamples: 300,
        seed,
      });
      if (estimate!.low <= 0.6 && 0.6 <= estimate!.high) clustered++;
      const asIfIndependent = wilsonInterval(estimate!.value, 600);
      if (asIfIndependent.low <= 0.6 && 0.6 <= asIfIndependent.high) naive++;
    }
    expect(clustered / repetitions).toBeGreaterThan(0.89);
    expect(clustered / repetitions).toBeLessThan(0.99);
    // What the clusters are for.
    expect(naive / repetitions).toBeLessThan(0.75);
  });

  it('holds the true share where images matter on both sides of a pair, as hits no less than as queries', () => {
    let [both, queriesAlone] = [0, 0];
    const repetitions = 150;
    for (let seed = 0; seed < repetitions; seed++) {
      const random = Random.of(seed, 'two sides');
      // A hit's luck outweighs its query's; by symmetry one half of all pairs come true.
      const luck = Array.from({ length: 60 }, () => random.normal());
      const clusters = Int32Array.from({ length: 600 }, (_, i) => Math.floor(i / 10));
      const partners = clusters.map((query) => (query + 1 + random.integer(59)) % 60);
      const hits = Float64Array.from(clusters, (query, i) =>
        luck[query] + 2 * luck[partners[i]] + random.normal() > 0 ? 1 : 0,
      );
      const ratio = { hits, trials: new Float64Array(600).fill(1) };
      const options = { resamples: 300, seed };
      const [wide] = ratioIntervals([ratio], { clusters, partners }, options);
      const [narrow] = ratioIntervals([ratio], { clusters, partners: clusters }, options);
      if (wide!.low <= 0.5 && 0.5 <= wide!.high) both++;
      if (narrow!.low <= 0.5 && 0.5 <= narrow!.high) queriesAlone++;
    }
    expect(both / repetitions).toBeGreaterThan(0.9);
    expect(queriesAlone / repetitions).toBeLessThan(0.8);
  });

  it('does not promise certainty of a share of 0 or 1', () => {
    const trials = Float64Array.of(10, 10, 0, 10);
    const [all, none] = ratioIntervals(
      [
        { hits: trials, trials },
        { hits: new Float64Array(4), trials },
      ],
      apart(4),
    );
    expect(all).toEqual({ value: 1, ...wilsonInterval(1, 3) });
    expect(none).toEqual({ value: 0, ...wilsonInterval(0, 3) });
    expect(all!.low).toBeLessThan(0.5);
  });

  it('has nothing to say where there is no trial, and much room for a single cluster', () => {
    const nothing = { hits: new Float64Array(3), trials: new Float64Array(3) };
    expect(ratioIntervals([nothing], apart(3))).toEqual([null]);
    expect(ratioIntervals([{ hits: new Float64Array(0), trials: new Float64Array(0) }], apart(0))).toEqual([
      null,
    ]);
    const [lone] = ratioIntervals([{ hits: Float64Array.of(5), trials: Float64Array.of(10) }], apart(1));
    expect(lone!.high - lone!.low).toBeGreaterThan(0.8);
  });

  it('draws the same each time, and others with another seed', () => {
    const ratio = {
      hits: Float64Array.of(1, 5, 2, 8, 0, 3),
      trials: Float64Array.of(9, 8, 7, 9, 6, 5),
    };
    const once = ratioIntervals([ratio], apart(6));
    expect(ratioIntervals([ratio], apart(6))).toEqual(once);
    expect(ratioIntervals([ratio], apart(6), { seed: 1 })).not.toEqual(once);
  });
});
