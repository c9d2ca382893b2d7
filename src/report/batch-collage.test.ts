import { describe, expect, it } from 'vitest';
import { decodeImage } from '../image/decode.js';
import type { Image } from '../image/image.js';
import { batchCollage } from './batch-collage.js';
import { renderFigure } from './figure.js';

const plain = (...colour: number[]): Image => ({ width: 1, height: 1, data: Uint8Array.from(colour) });

/** The distinct colours of the pictures met walking down a column of pixels. */
function coloursDown({ data, width, height }: Image, x: number): string[] {
  const met: string[] = [];
  for (let y = 0; y < height; y++) {
    const colour = data.subarray(3 * (y * width + x), 3 * (y * width + x) + 3).join(' ');
    if (/^(200|0) (200|0) (200|0)$/.test(colour) && met.at(-1) !== colour) met.push(colour);
  }
  return met;
}

describe('batchCollage', () => {
  const pair = (anchor: Image, positive: Image) => ({ anchor, positive, className: 'frog' });

  it('puts each positive below its anchor, and further pairs in bands below', async () => {
    const pairs = [
      pair(plain(200, 0, 0), plain(0, 200, 0)),
      pair(plain(0, 0, 200), plain(200, 200, 0)),
      pair(plain(0, 200, 200), plain(200, 0, 200)),
    ];
    const figure = await batchCollage(pairs, { columns: 2, tilePx: 40 });
    const png = await decodeImage(renderFigure(figure));
    const rightmost = png.width - 2 * (24 + 20);
    const first = rightmost - 2 * 50;
    expect(coloursDown(png, first)).toEqual(['200 0 0', '0 200 0', '0 200 200', '200 0 200']);
    expect(coloursDown(png, rightmost)).toEqual(['0 0 200', '200 200 0']);
  });

  it('says in words what it shows', async () => {
    const figure = await batchCollage([pair(plain(0, 0, 0), plain(0, 0, 0))]);
    expect(figure.alt).toContain('an anchor above its positive');
  });
});
