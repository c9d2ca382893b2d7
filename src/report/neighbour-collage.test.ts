import { describe, expect, it } from 'vitest';
import { decodeImage } from '../image/decode.js';
import type { Image } from '../image/image.js';
import { renderFigure } from './figure.js';
import { neighbourCollage } from './neighbour-collage.js';
import { lightTheme } from './theme.js';

const grey: Image = { width: 1, height: 1, data: Uint8Array.of(90, 90, 90) };
const tile = (verdict: 'same' | 'other') => ({ image: grey, caption: 'frog', verdict });

/** How many pixels of a colour lie in a row of pixels. */
function countAcross({ data, width }: Image, y: number, hex: string): number {
  const colour = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
  let count = 0;
  for (let x = 0; x < width; x++)
    if (colour.every((value, c) => data[3 * (y * width + x) + c] === value)) count++;
  return count;
}

describe('neighbourCollage', () => {
  const examples = [
    { query: { image: grey, caption: 'frog' }, neighbours: [tile('same'), tile('same'), tile('other')] },
    { query: { image: grey, caption: 'frog' }, neighbours: [tile('other'), tile('other'), tile('other')] },
  ];

  it('borders every neighbour by its verdict, and the query by none', async () => {
    const figure = await neighbourCollage(examples, { tilePx: 40 });
    const png = await decodeImage(renderFigure(figure));
    // Through the middle of the first row of tiles every border is crossed twice.
    const middle = 2 * (24 + 20);
    expect(countAcross(png, middle, lightTheme.same)).toBe(2 * 2 * 2 * 3);
    expect(countAcross(png, middle, lightTheme.other)).toBe(1 * 2 * 2 * 2);
  });

  it('says in words how many are right', async () => {
    expect((await neighbourCollage(examples)).alt).toContain('2 of 6 have the class of their query');
  });
});
