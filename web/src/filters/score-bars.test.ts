import { expect, test } from 'vitest';
import { countFrom, scoreBars } from './score-bars.js';

const histogram = { from: 0, to: 1, counts: [100, 25, 0, 1], images: 126 };

test('bars stand in the order of scores, the highest of height 1', () => {
  const bars = scoreBars(histogram);
  expect(bars.map((bar) => bar.height)).toEqual([1, 0.5, 0, 0.1]);
  expect([bars[1]!.from, bars[1]!.to]).toEqual([0.25, 0.5]);
});

test('images from a score on are counted, in part where it lies within a bin', () => {
  expect(countFrom(histogram, -1)).toBe(126);
  expect(countFrom(histogram, 0.25)).toBe(26);
  expect(countFrom(histogram, 0.125)).toBe(76);
  expect(countFrom(histogram, 1)).toBe(0);
});

test('a histogram of a single score counts all or nothing', () => {
  const single = { from: 0.5, to: 0.5, counts: [3], images: 3 };
  expect(countFrom(single, 0.5)).toBe(3);
  expect(countFrom(single, 0.6)).toBe(0);
});
