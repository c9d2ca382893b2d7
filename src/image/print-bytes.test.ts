import { describe, expect, it } from 'vitest';
import { speckledPrint } from '../../test/fixtures/surveyed-image.js';
import { decodePrint, encodePrint, printBytes } from './print-bytes.js';

describe('a print as bytes', () => {
  it('comes back as it was, also from the middle of a larger buffer', () => {
    const print = speckledPrint(3);
    const bytes = encodePrint(print);
    expect(bytes).toHaveLength(printBytes);
    const larger = Buffer.alloc(3000, 0xff);
    larger.set(bytes, 77);
    expect(decodePrint(larger.subarray(77, 77 + printBytes))).toEqual(print);
    expect(Math.min(...print.chroma)).toBeLessThan(0);
  });

  it('is none where bytes are missing', () => {
    expect(decodePrint(new Uint8Array(printBytes - 1))).toBeUndefined();
  });
});
