import { describe, expect, it } from 'vitest';
import type { Image } from '../image/image.js';
import { figureHtml, renderFigure } from './figure.js';
import { imageGroups } from './image-groups.js';
import { lightTheme } from './theme.js';

const grey: Image = { width: 1, height: 1, data: Uint8Array.of(90, 90, 90) };
const group = (tiles: number, note = 'two of a kind') => ({
  note,
  tiles: Array.from({ length: tiles }, (_, i) => ({ image: grey, caption: `${i}.jpg` })),
});

describe('imageGroups', () => {
  it('shows every image of a group below its note', async () => {
    const figure = await imageGroups([group(3)], { alt: 'one group' });
    const drawn = figure.draw(lightTheme).text;
    expect(drawn.match(/<image /g)).toHaveLength(3);
    expect(drawn).toContain('two of a kind');
    expect(figureHtml(figure).text.match(/<img /g)).toHaveLength(3);
    expect(figureHtml(figure).text).toContain('aria-label="one group"');
  });

  it('puts groups beside one another as long as there is room, then below', async () => {
    const alt = 'groups';
    const one = await imageGroups([group(2)], { alt });
    const beside = await imageGroups([group(2), group(2), group(2)], { alt });
    const below = await imageGroups([group(6), group(6)], { alt });
    expect(beside.heightPx).toBe(one.heightPx);
    expect(below.heightPx).toBeGreaterThan(1.8 * one.heightPx);
    expect(renderFigure(below).length).toBeGreaterThan(0);
  });

  it('can be drawn of none, and escapes what people wrote', async () => {
    expect(renderFigure(await imageGroups([], { alt: '' })).length).toBeGreaterThan(0);
    const figure = await imageGroups([group(1, '<b>&')], { alt: '"' });
    expect(figureHtml(figure).text).toContain('&lt;b&gt;&amp;');
  });
});
