import { describe, expect, it } from 'vitest';
import { decodeImage } from '../image/decode.js';
import type { Image } from '../image/image.js';
import { contactSheet } from './contact-sheet.js';
import { figureHtml, figureMarginPx, renderFigure } from './figure.js';
import { lightTheme } from './theme.js';

const red = [200, 30, 40];
const blue = [20, 40, 180];

/** A picture of 2×2 pixels: red and blue above, blue and red below. */
const chequered: Image = { width: 2, height: 2, data: Uint8Array.of(...red, ...blue, ...blue, ...red) };

const pixel = ({ data, width }: Image, x: number, y: number) => [
  ...data.subarray(3 * (y * width + x), 3 * (y * width + x) + 3),
];
const rgb = (hex: string) => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
/** Top left corner of the first tile, in pixels of the PNG file. */
const corner = 2 * figureMarginPx;

describe('contactSheet', () => {
  it('draws small images in whole, unblended pixels', async () => {
    const png = await decodeImage(renderFigure(await contactSheet([{ image: chequered }])));
    const side = 2 * 96;
    const near = side / 2 - 2;
    expect(pixel(png, corner + near, corner + near)).toEqual(red);
    expect(pixel(png, corner + side / 2 + 1, corner + near)).toEqual(blue);
    expect(pixel(png, corner + near, corner + side / 2 + 1)).toEqual(blue);
    expect(pixel(png, corner + side / 2 + 1, corner + side / 2 + 1)).toEqual(red);
  });

  it('is as large as its grid', async () => {
    const tiles = Array.from({ length: 7 }, () => ({ image: chequered }));
    const figure = await contactSheet(tiles, { columns: 3, tilePx: 50 });
    expect(figure.widthPx).toBe(2 * figureMarginPx + 3 * 50 + 2 * 10);
    expect(figure.heightPx).toBe(2 * figureMarginPx + 3 * 50 + 2 * 10);
    const png = await decodeImage(renderFigure(figure));
    expect(png).toMatchObject({ width: 2 * figure.widthPx, height: 2 * figure.heightPx });
  });

  it.each(['same', 'other'] as const)(
    'draws the border of the verdict "%s" around the image',
    async (verdict) => {
      const png = await decodeImage(renderFigure(await contactSheet([{ image: chequered, verdict }])));
      expect(pixel(png, corner + 96, corner - 2)).toEqual(rgb(lightTheme[verdict]));
      expect(pixel(png, corner - 2, corner + 96)).toEqual(rgb(lightTheme[verdict]));
      expect(pixel(png, corner + 96, corner + 2)).not.toEqual(rgb(lightTheme[verdict]));
    },
  );

  it('really writes captions, details and titles', async () => {
    const ink = async (words: { caption?: string; detail?: string }, title?: string) => {
      const { data } = await decodeImage(
        renderFigure(await contactSheet([{ image: chequered, ...words }], { title })),
      );
      const dark = rgb(lightTheme.ink);
      let count = 0;
      for (let i = 0; i < data.length; i += 3) if (dark.every((value, c) => data[i + c] === value)) count++;
      return count;
    };
    expect(await ink({})).toBe(0);
    expect(await ink({ caption: 'frog' })).toBeGreaterThan(20);
    expect(await ink({}, 'cifar10:test')).toBeGreaterThan(100);
    const muted = await contactSheet([{ image: chequered, detail: '0.93' }]);
    expect(muted.draw(lightTheme).text).toContain('>0.93</text>');
  });

  it('sets the query apart at the left of its results', async () => {
    const results = Array.from({ length: 4 }, () => ({ image: chequered }));
    const without = await contactSheet(results, { columns: 2, tilePx: 50 });
    const sheet = await contactSheet(results, { query: { image: chequered }, columns: 2, tilePx: 50 });
    expect(sheet.widthPx).toBeGreaterThan(without.widthPx + 50);
    expect(sheet.heightPx).toBe(without.heightPx);
    expect(figureHtml(sheet).text).toContain('class="lead-tile"');
  });

  it('can be drawn of nothing at all', async () => {
    expect(renderFigure(await contactSheet([], { title: 'No results' })).length).toBeGreaterThan(0);
  });

  it('escapes captions and ids, in the picture and on the page', async () => {
    const name = '<img src=x onerror=alert(1)>"&';
    const sheet = await contactSheet([{ image: chequered, caption: name, id: name }]);
    expect(figureHtml(sheet).text).not.toContain('<img src=x');
    expect(figureHtml(sheet).text).toContain('&lt;img src=x');
    expect(renderFigure(sheet).length).toBeGreaterThan(0);
  });
});
