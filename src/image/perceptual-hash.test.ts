import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { speckledPrint } from '../../test/fixtures/surveyed-image.js';
import { decodeImageTo } from './decode.js';
import { bitCount, hashBits, hashDistance, perceptualHash, perceptualPrint } from './perceptual-hash.js';

/** A picture with something in it, in any size. */
function picture(width: number, height: number, hue = 20) {
  return sharp(
    Buffer.from(
      `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 200" width="${width}" height="${height}"><rect width="300" height="200" fill="hsl(${hue},60%,55%)"/><circle cx="90" cy="70" r="50" fill="#203050"/><rect x="180" y="30" width="80" height="150" fill="#f0e0a0"/><path d="M20 190 L150 110 L240 195 Z" fill="#702020"/></svg>`,
    ),
  );
}

const printOf = async (bytes: Buffer) =>
  perceptualPrint(await decodeImageTo(bytes, { width: 32, height: 32 }, 'stretch'));

describe('perceptualPrint', () => {
  it.each([
    ['half the size', () => picture(150, 100).png()],
    ['twice the size', () => picture(600, 400).png()],
    ['a JPEG of quality 30', () => picture(300, 200).jpeg({ quality: 30 })],
    ['a lighter one', () => picture(300, 200).modulate({ brightness: 1.1 }).png()],
    ['one of less contrast', () => picture(300, 200).linear(0.8, 20).png()],
  ])('has nearly the same hash for %s', async (_, edited) => {
    const original = await printOf(await picture(300, 200).png().toBuffer());
    const other = await printOf(await edited().toBuffer());
    expect(hashDistance(original.hash, other.hash)).toBeLessThanOrEqual(4);
  });

  it('has about half of the bits in common with another picture', () => {
    const distances = Array.from({ length: 40 }, (_, i) =>
      hashDistance(speckledPrint(2 * i).hash, speckledPrint(2 * i + 1).hash),
    );
    expect(Math.min(...distances)).toBeGreaterThan(12);
    expect(distances.reduce((sum, d) => sum + d) / 40).toBeGreaterThan(24);
  });

  it('holds colours beside luma', () => {
    const data = new Uint8Array(32 * 32 * 3);
    for (let i = 0; i < 32 * 32; i++) data.set([255, 0, 0], 3 * i);
    const { luma, chroma } = perceptualPrint({ width: 32, height: 32, data });
    expect(luma[0]).toBe(76);
    expect([...chroma.subarray(0, 2)]).toEqual([-38, 89]);
  });

  it('refuses another size', () => {
    const image = { width: 31, height: 32, data: new Uint8Array(31 * 32 * 3) };
    expect(() => perceptualPrint(image)).toThrow(/32×32.*31×32/);
  });
});

describe('perceptualHash', () => {
  it('has a bit for the frequency that a picture is made of', () => {
    // A cosine of frequency u = 1 in x, which is the second lowest: frequencies of equal distance stand by u.
    const luma = Uint8Array.from({ length: 32 * 32 }, (_, i) =>
      Math.round(128 + 100 * Math.cos((Math.PI * (2 * (i % 32) + 1)) / 64)),
    );
    expect(perceptualHash(luma)).toEqual([2, 0]);
  });

  it('leaves the mean out', () => {
    const { luma } = speckledPrint(3);
    const darker = luma.map((value) => Math.floor(value / 2));
    expect(hashDistance(perceptualHash(luma), perceptualHash(darker.map((v) => v + 60)))).toBeLessThan(3);
  });
});

describe('hashDistance', () => {
  it('counts bits that differ', () => {
    expect(hashDistance([0, 0], [0xffffffff, 0xffffffff])).toBe(hashBits);
    expect(hashDistance([0b1011, 7], [0b0010, 7])).toBe(2);
  });

  it.each([0, 1, 0x80000000, 0xffffffff, 0x12345678])('counts those of %i as a loop does', (word) => {
    expect(bitCount(word)).toBe([...word.toString(2)].filter((bit) => bit === '1').length);
  });
});
