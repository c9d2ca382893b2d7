import { describe, expect, it } from 'vitest';
import { byteRange } from './byte-range.js';

describe('byteRange', () => {
  it.each([
    ['bytes=0-0', { from: 0, to: 0 }],
    ['bytes=2-5', { from: 2, to: 5 }],
    ['bytes=7-', { from: 7, to: 9 }],
    ['bytes=7-1000', { from: 7, to: 9 }],
    ['bytes=-3', { from: 7, to: 9 }],
    ['bytes=-1000', { from: 0, to: 9 }],
  ])('reads %s of ten bytes', (header, range) => {
    expect(byteRange(header, 10)).toEqual(range);
  });

  it.each(['bytes=10-', 'bytes=10-11', 'bytes=-0'])('finds nothing at %s of ten bytes', (header) => {
    expect(byteRange(header, 10)).toBe('unsatisfiable');
  });

  it('finds nothing in an empty file', () => {
    expect(byteRange('bytes=0-', 0)).toBe('unsatisfiable');
    expect(byteRange('bytes=-1', 0)).toBe('unsatisfiable');
  });

  it.each([
    undefined,
    '',
    'bytes=',
    'bytes=-',
    'bytes=5-2',
    'bytes=0-1,3-4',
    'items=0-1',
    'bytes=a-b',
    'bytes=1.5-2',
  ])('passes over %s', (header) => {
    expect(byteRange(header, 10)).toBeUndefined();
  });
});
