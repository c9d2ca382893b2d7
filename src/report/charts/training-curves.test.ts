import { describe, expect, it } from 'vitest';
import { decodeImage } from '../../image/decode.js';
import { renderFigure } from '../figure.js';
import { lightTheme } from '../theme.js';
import { type Curves, comparedCurves } from './training-curves.js';

const run = (name: string, last: number, metric = true): Curves => ({
  name,
  quantities: [
    {
      name: 'loss',
      points: [
        [1, 2],
        [2, last],
      ],
    },
    ...(metric ? [{ name: 'mapAtR', points: [[2, last / 10] as const] }] : []),
  ],
});
const lines = (text: string) =>
  [...text.matchAll(/<path d="M[^"]*" fill="none" stroke="(#\w+)"/g)].map((m) => m[1]);

describe('comparedCurves', () => {
  it('draws a chart of each quantity, named after it, where there is one run', () => {
    const { text } = comparedCurves([run('one', 1.5)]).draw(lightTheme);
    expect(text).toContain('>loss 1.50</text>');
    expect(text).toContain('>mapAtR 0.150</text>');
    expect(lines(text)).toHaveLength(2);
  });

  it('draws a line for each run that has the quantity, each in a colour of its own, named after the run', () => {
    const { text } = comparedCurves([run('a', 1), run('b', 1.01), run('c', 1.02, false)]).draw(lightTheme);
    for (const name of ['a', 'b', 'c']) expect(text).toContain(`>${name} 1.0`);
    expect(lines(text)).toHaveLength(5);
    expect(new Set(lines(text).slice(0, 3)).size).toBe(3);
  });

  it('draws a run in one colour throughout, also where an earlier one lacks a quantity', () => {
    const drawn = lines(comparedCurves([run('a', 1, false), run('b', 1.5)]).draw(lightTheme).text);
    expect(drawn).toHaveLength(3);
    expect(drawn[2]).toBe(drawn[1]);
    expect(drawn[1]).not.toBe(drawn[0]);
  });

  it('keeps the names apart, however close the lines end', () => {
    const { text } = comparedCurves(['a', 'b', 'c', 'd', 'e'].map((name) => run(name, 1, false))).draw(
      lightTheme,
    );
    const baselines = [...text.matchAll(/y="([\d.]+)" font-size="12" font-weight="600"/g)].map((m) =>
      Number(m[1]),
    );
    expect(baselines).toHaveLength(5);
    const sorted = [...baselines].sort((x, y) => x - y);
    for (const [i, y] of sorted.slice(1).entries()) expect(y - sorted[i]).toBeGreaterThanOrEqual(15.9);
  });

  it('can be drawn without finite values', async () => {
    const figure = comparedCurves([{ name: 'x', quantities: [{ name: 'loss', points: [[1, Number.NaN]] }] }]);
    expect((await decodeImage(renderFigure(figure))).width).toBe(2 * figure.widthPx);
    expect(figure.draw(lightTheme).text).not.toMatch(/NaN|Infinity/);
  });
});
