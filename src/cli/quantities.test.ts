import { describe, expect, it } from 'vitest';
import { formatBytes, formatCounted, formatDuration, formatRate, formatTime } from './quantities.js';

describe('quantities for people', () => {
  it.each([
    [0, '0.0 s'],
    [3.14, '3.1 s'],
    [9.96, '10 s'],
    [59.4, '59 s'],
    [59.6, '1 min 00 s'],
    [125, '2 min 05 s'],
    [3599.6, '1 h 00 min'],
    [4_350, '1 h 13 min'],
  ])('writes %d seconds as %s', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });

  it.each([
    [999, '999 B'],
    [380_400, '380.4 kB'],
    [170_498_071, '170.5 MB'],
    [2_340_000_000, '2.34 GB'],
  ])('writes %d bytes as %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });

  it.each([
    [0, '0 images'],
    [1, '1 image'],
    [1_234, '1,234 images'],
  ])('counts %d as %s', (count, text) => {
    expect(formatCounted(count, 'image')).toBe(text);
  });

  it('takes a plural that is not made by an s', () => {
    expect(formatCounted(1, 'image was', 'images were')).toBe('1 image was');
    expect(formatCounted(2, 'image was', 'images were')).toBe('2 images were');
  });

  it('writes a time to the minute, by the clock of this machine', () => {
    const local = new Date(2026, 1, 3, 4, 5, 59);
    expect(formatTime(local.toISOString())).toBe('2026-02-03 04:05');
  });

  it('gives slow rates a digit more', () => {
    expect(formatRate(0.25, 'images')).toBe('0.3 images/s');
    expect(formatRate(6_712.4, 'images')).toBe('6,712 images/s');
    expect(formatRate(3_400_000, 'bytes')).toBe('3.4 MB/s');
  });
});
