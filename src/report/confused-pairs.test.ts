import { describe, expect, it } from 'vitest';
import type { Image } from '../image/image.js';
import { confusedPairs } from './confused-pairs.js';
import { figureHtml, renderFigure } from './figure.js';
import { lightTheme } from './theme.js';

const grey: Image = { width: 1, height: 1, data: Uint8Array.of(90, 90, 90) };
const pair = {
  tiles: [
    { image: grey, caption: 'cat' },
    { image: grey, caption: 'dog' },
  ] as const,
  note: '17 % of neighbours',
};

describe('confusedPairs', () => {
  it('shows two images and how often they are confused', async () => {
    const figure = await confusedPairs([pair]);
    const drawn = figure.draw(lightTheme).text;
    expect(drawn.match(/<image /g)).toHaveLength(2);
    expect(drawn).toContain('17 % of neighbours');
    expect(figure.alt).toBe('Classes confused most: cat and dog');
    expect(figureHtml(figure).text).toContain('17 % of neighbours');
  });

  it('wraps into as many lines as it needs', async () => {
    const [one, three] = [
      await confusedPairs([pair, pair], { columns: 2 }),
      await confusedPairs(Array(5).fill(pair), { columns: 2 }),
    ];
    expect(three.widthPx).toBe(one.widthPx);
    expect(three.heightPx).toBeGreaterThan(2 * one.heightPx);
  });

  it('can be drawn of no pair', async () => {
    expect(renderFigure(await confusedPairs([])).length).toBeGreaterThan(0);
  });
});
