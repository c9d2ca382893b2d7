import { describe, expect, it } from 'vitest';
import { renderFigure } from '../figure.js';
import { lightTheme } from '../theme.js';
import { groupMap } from './group-map.js';

const image = { width: 2, height: 2, data: new Uint8Array(12).fill(90) };

describe('groupMap', () => {
  it('draws points in the colours of their groups, with numbers, names and pictures', async () => {
    const figure = await groupMap({
      title: 'Map of photos',
      x: [0, 1, 10],
      y: [0, 1, 10],
      groupOf: [0, 0, 1],
      groups: [
        { name: 'cats & dogs', detail: '2 images', image, at: [0.5, 0.5] },
        { name: 'boats', detail: '1 image', at: [10, 10] },
      ],
      marked: [2],
    });
    const drawn = figure.draw(lightTheme).text;
    expect(drawn).toContain('1  cats &amp; dogs');
    expect(drawn).toContain('outlier');
    expect(figure.alt).toMatch(/3 images in 2 groups: cats & dogs, 2 images; boats, 1 image/);
    expect([...renderFigure(figure).subarray(1, 4)]).toEqual([...Buffer.from('PNG')]);
  });

  it('says how many groups it has no room to list, and moves numbers apart', async () => {
    const groups = Array.from({ length: 120 }, (_, i) => ({
      name: `g${i}`,
      detail: '1 image',
      at: [0, 0] as const,
    }));
    const figure = await groupMap({ x: [0], y: [0], groupOf: [-1], groups });
    const drawn = figure.draw(lightTheme).text;
    expect(drawn).toMatch(/and \d+ smaller ones/);
    const centres = [...drawn.matchAll(/<circle cx="([\d.]+)" cy="([\d.]+)"/g)].map(
      ([, x, y]) => `${x} ${y}`,
    );
    expect(new Set(centres).size).toBe(centres.length);
  });
});
