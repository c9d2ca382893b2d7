import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeTaps, precisionBits, resampleHeight, resampleWidth, type Taps } from './resample.js';
import { resampleImage } from './resample-image.js';
import { makeResampleProgram } from './resample-program.js';
import type { ResizeFilter } from './resize-rule.js';

/** Bytes by a recurrence; with `extreme` only black and white, at whose edges kernels overshoot. */
function noise(length: number, seed: number, extreme = false): Uint8Array {
  let state = seed + 1;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return extreme ? (state >>> 31) * 255 : state >>> 24;
  });
}

function plain(source: Uint8Array, offset: number, width: number, x: Taps, y: Taps): Uint8ClampedArray {
  const last = y.first.length - 1;
  const rows = { from: y.first[0]!, to: y.first[last]! + y.counts[last]! };
  const rowLength = x.first.length * 3;
  const between = new Uint8ClampedArray((rows.to - rows.from) * rowLength);
  resampleWidth(source, offset, width, rows, x, between);
  const levels = new Uint8ClampedArray(y.first.length * rowLength);
  resampleHeight(between, rows.from, rowLength, y, levels, 0, rowLength);
  return levels;
}

function fast(source: Uint8Array, offset: number, size: { width: number; height: number }, x: Taps, y: Taps) {
  const stride = x.first.length * 3;
  const levels = new Uint8ClampedArray(y.first.length * stride);
  resampleImage(source, offset, size, x, y, { levels, offset: 0, stride });
  return levels;
}

const same = (a: Uint8ClampedArray, b: Uint8ClampedArray) => Buffer.from(a).equals(Buffer.from(b));

describe('resampling of an image', () => {
  it('runs as a program here', () => {
    expect(makeResampleProgram(precisionBits)).toBeDefined();
  });

  it('by the program is that by the loops to the bit, whatever the sizes, filter, stretch and place', () => {
    const side = fc.integer({ min: 1, max: 90 });
    const axis = fc
      .record({ length: side, scaled: side, from: fc.double({ min: 0, max: 1, noNaN: true }), share: side })
      .map(({ length, scaled, from, share }) => {
        const count = Math.max(1, Math.min(scaled, Math.round((scaled * share) / 90)));
        return { length, scaled, offset: Math.floor((scaled - count) * from), count };
      });
    const filters = fc.constantFrom<ResizeFilter>('bilinear', 'bicubic', 'lanczos');
    fc.assert(
      fc.property(axis, axis, filters, fc.nat(9), fc.boolean(), (across, down, filter, before, extreme) => {
        const taps = ({ length, scaled, offset, count }: typeof across) =>
          makeTaps(length, scaled, offset, count, filter);
        const [x, y] = [taps(across), taps(down)];
        const size = { width: across.length, height: down.length };
        const source = noise(before + size.width * size.height * 3, before, extreme);
        expect(same(fast(source, before, size, x, y), plain(source, before, size.width, x, y))).toBe(true);
      }),
      { numRuns: 400, seed: 1 },
    );
  });

  it.each([
    ['more rows than are handed over at once', 500, 900, 40, 30],
    ['a row longer than is handed over at once', 120_000, 3, 7, 5],
    ['more than the program has room for', 30, 3000, 1000, 30],
  ])('is the same with %s', (_, width, height, columns, rows) => {
    const source = noise(width * height * 3, 7);
    const x = makeTaps(width, columns, 0, columns, 'bicubic');
    const y = makeTaps(height, rows, 0, rows, 'bicubic');
    expect(same(fast(source, 0, { width, height }, x, y), plain(source, 0, width, x, y))).toBe(true);
  });

  it('writes nothing beside its place', () => {
    const [x, y] = [makeTaps(20, 9, 0, 9, 'bilinear'), makeTaps(10, 7, 0, 7, 'bilinear')];
    const source = noise(20 * 10 * 3, 3);
    const stride = 9 * 3 + 11;
    const levels = new Uint8ClampedArray(5 + 7 * stride).fill(99);
    resampleImage(source, 0, { width: 20, height: 10 }, x, y, { levels, offset: 5, stride });
    const expected = plain(source, 0, 20, x, y);
    for (const [at, level] of levels.entries()) {
      const [row, within] = [Math.floor((at - 5) / stride), (at - 5) % stride];
      expect(level).toBe(at < 5 || within >= 27 ? 99 : expected[row * 27 + within]);
    }
  });
});
