import { describe, expect, test } from 'vitest';
import { leftText, progressText, rateText, resultFigures, secondsOf, shareDone } from './job-text.js';

test('progress says how far of how much, if that is known', () => {
  expect(progressText({ done: 3200, total: 10_000, unit: 'images' })).toBe('3,200 of 10,000 images');
  expect(progressText({ done: 3, total: null, unit: 'files' })).toBe('3 files');
  expect(shareDone({ done: 1, total: 4 })).toBe(0.25);
  expect(shareDone({ done: 5, total: 4 })).toBe(1);
  expect(shareDone({ done: 5, total: null })).toBeUndefined();
  expect(shareDone({ done: 0, total: 0 })).toBeUndefined();
});

test.each([
  [212.4, '212 images/s'],
  [3.14, '3.1 images/s'],
  [0.1, '6 images/min'],
  [12_345.6, '12,346 images/s'],
  [0, undefined],
  [null, undefined],
])('a rate of %j is %j', (rate, text) => {
  expect(rateText({ rate, unit: 'images' })).toBe(text);
});

test.each([
  [0.4, 'almost done'],
  [42.4, 'about 42 s left'],
  [203, 'about 3 min 20 s left'],
  [null, undefined],
])('%j seconds left are %j', (secondsLeft, text) => {
  expect(leftText({ secondsLeft })).toBe(text);
});

describe('of a result', () => {
  test('figures are shown by their names in words', () => {
    expect(
      resultFigures({
        filesMoved: 1200,
        movedBytes: 5_300_000,
        recall: 0.98765,
        precisionAt1: 0.9,
        kind: 'hnsw',
      }),
    ).toEqual([
      { name: 'files moved', value: '1,200' },
      { name: 'moved bytes', value: '5.3 MB' },
      { name: 'recall', value: '0.988' },
      { name: 'precision@1', value: '0.9' },
      { name: 'kind', value: 'hnsw' },
    ]);
  });
  test('what is no figure is left out', () => {
    expect(resultFigures({ ids: [1, 2], missing: 0, index: null, seconds: 3, folder: '/home/me/x' })).toEqual(
      [],
    );
    expect(resultFigures(null)).toEqual([]);
  });
});

test('a job that runs takes longer and longer', () => {
  const startedAt = '2026-11-27T08:00:00.000Z';
  const nowMs = Date.parse('2026-11-27T08:01:00.000Z');
  expect(secondsOf({ startedAt: null, endedAt: null }, nowMs)).toBeUndefined();
  expect(secondsOf({ startedAt, endedAt: null }, nowMs)).toBe(60);
  expect(secondsOf({ startedAt, endedAt: '2026-11-27T08:00:12.500Z' }, nowMs)).toBe(12.5);
});
