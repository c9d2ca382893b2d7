import { describe, expect, it } from 'vitest';
import { decodeImage } from './decode.js';
import { encodePng } from './encode.js';

describe('encoding', () => {
  it('makes a PNG file that decodes to the same pixels, and the same file each time', async () => {
    const image = { width: 5, height: 3, data: Uint8Array.from({ length: 45 }, (_, at) => (at * 37) % 256) };
    const png = await encodePng(image);
    const { width, height, data } = await decodeImage(png);
    expect([width, height, [...data]]).toEqual([5, 3, [...image.data]]);
    expect((await encodePng(image)).equals(png)).toBe(true);
  });
});
