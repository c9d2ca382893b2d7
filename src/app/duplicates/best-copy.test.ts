import { describe, expect, it } from 'vitest';
import { type CopyWorth, compareCopies } from './best-copy.js';

const copy = (more: Partial<CopyWorth>): CopyWorth => ({
  width: 100,
  height: 100,
  size: 5000,
  mtime: 1e12,
  path: '/photos/a.jpg',
  entry: '',
  ...more,
});

describe('compareCopies', () => {
  it.each([
    ['of more pixels', { width: 200, size: 10, mtime: 2e12, path: '/a/much/longer/path.jpg' }, {}],
    ['of the larger file', { size: 6000, mtime: 2e12, path: '/a/much/longer/path.jpg' }, {}],
    ['that is older', { mtime: 1e11, path: '/a/much/longer/path.jpg' }, {}],
    ['of the shorter path', { path: '/a.jpg' }, {}],
    ['that comes first', { path: '/photos/A.jpg' }, {}],
    ['of which anything is known', {}, { width: null, height: null }],
    ['that is no part of an archive of the same name', {}, { entry: 'b.jpg' }],
  ])('prefers the one %s', (_, better, worse) => {
    expect(compareCopies(copy(better), copy(worse))).toBeLessThan(0);
    expect(compareCopies(copy(worse), copy(better))).toBeGreaterThan(0);
  });
});
