import { describe, expect, it } from 'vitest';
import { drawnImage } from '../../test/fixtures/make-image.js';
import { perceptualPrint, printSide } from './perceptual-hash.js';
import { decodePrint, encodePrint, printLength } from './print-bytes.js';

const size = { width: printSide, height: printSide };

describe('bytes of a print', () => {
  it('give back what they were made of, wherever they stand', async () => {
    const data = await drawnImage(32, 32, (x, y) => [x * 8, (y * 8) ^ 90, (x * y) % 256])
      .raw()
      .toBuffer();
    const print = perceptualPrint({ ...size, data });
    const bytes = encodePrint(print);
    expect(bytes.length).toBe(printLength);
    expect(decodePrint(bytes)).toEqual(print);
    const inside = new Uint8Array(printLength + 5);
    inside.set(bytes, 3);
    expect(decodePrint(inside.subarray(3, 3 + printLength))).toEqual(print);
  });

  it('are the hash in little endian, luma, then chroma', () => {
    const luma = Uint8Array.from({ length: 1024 }, (_, i) => i % 251);
    const chroma = Int8Array.from({ length: 128 }, (_, i) => i - 64);
    const bytes = encodePrint({ hash: [0x01020304, 0xfffefdfc], luma, chroma });
    expect([...bytes.subarray(0, 8)]).toEqual([4, 3, 2, 1, 0xfc, 0xfd, 0xfe, 0xff]);
    expect(bytes.subarray(8, 1032)).toEqual(luma);
    expect(bytes[1032]).toBe(192);
    expect(bytes[1159]).toBe(63);
  });

  it('are refused in another number', () => {
    expect(() => decodePrint(new Uint8Array(1159))).toThrow(/1160 bytes, got 1159/);
  });
});
