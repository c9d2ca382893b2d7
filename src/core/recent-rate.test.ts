import { describe, expect, it } from 'vitest';
import { RecentRate } from './recent-rate.js';

function rateAfter(reports: Iterable<readonly [atMs: number, done: number]>): number | undefined {
  const rate = new RecentRate();
  for (const [atMs, done] of reports) rate.observe(done, atMs);
  return rate.perSecond;
}

describe('the recent rate', () => {
  it('is unknown until a third of a second has been seen', () => {
    expect(rateAfter([])).toBeUndefined();
    expect(rateAfter([[0, 10]])).toBeUndefined();
    expect(
      rateAfter([
        [0, 10],
        [200, 20],
      ]),
    ).toBeUndefined();
    expect(
      rateAfter([
        [0, 10],
        [500, 20],
      ]),
    ).toBe(20);
  });

  it('does not count what a resumed run had done before', () => {
    expect(
      rateAfter([
        [0, 1_000_000],
        [1_000, 1_000_100],
      ]),
    ).toBe(100);
  });

  it('follows a change of speed within eight seconds', () => {
    function* reports() {
      for (let ms = 0; ms <= 60_000; ms += 10) yield [ms, ms] as const;
      for (let ms = 10; ms <= 9_000; ms += 10) yield [60_000 + ms, 60_000 + ms / 10] as const;
    }
    expect(rateAfter(reports())).toBeCloseTo(100, -1);
  });

  it('still has a rate for work whose reports are further apart than the window', () => {
    expect(
      rateAfter([
        [0, 0],
        [30_000, 3],
        [60_000, 9],
      ]),
    ).toBeCloseTo(0.2);
  });

  it('begins anew when less is done than before', () => {
    expect(
      rateAfter([
        [0, 0],
        [1_000, 900],
        [1_100, 0],
        [2_100, 50],
      ]),
    ).toBe(50);
  });
});
