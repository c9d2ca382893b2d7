import { describe, expect, it } from 'vitest';
import { decodeImage } from '../../image/decode.js';
import { renderFigure } from '../figure.js';
import { lightTheme } from '../theme.js';
import { reliabilityDiagram } from './reliability-diagram.js';

const reliability = [
  { probability: 0.1, same: 0.2, pairs: 900 },
  { probability: 0.5, same: 0.5, pairs: 100 },
  { probability: 1, same: 0.9, pairs: 100 },
];
const circles = (text: string) =>
  [...text.matchAll(/<circle cx="([\d.]+)" cy="([\d.]+)" r="([\d.]+)"/g)].map(([, ...values]) =>
    values.map(Number),
  );

describe('reliabilityDiagram', () => {
  it('has a dot for each bin: to the right by probability, up by what came', () => {
    const dots = circles(reliabilityDiagram({ ece: 0.1, reliability }).draw(lightTheme).text);
    expect(dots).toHaveLength(3);
    const [xs, ys] = [dots.map(([x]) => x), dots.map(([, y]) => y)];
    expect((xs[1] - xs[0]) / (xs[2] - xs[1])).toBeCloseTo(0.8, 2);
    // Down on the screen is a larger y.
    expect((ys[0] - ys[1]) / (ys[1] - ys[2])).toBeCloseTo(3 / 4, 2);
    // A bin of nine times the pairs is a larger dot.
    expect(dots[0][2]).toBeGreaterThan(dots[1][2]);
    expect(dots[1][2]).toBe(dots[2][2]);
  });

  it('puts a bin that keeps its word on the diagonal', () => {
    const { text } = reliabilityDiagram({ ece: 0, reliability }).draw(lightTheme);
    const [left, bottom, right, top] = text
      .match(/<path d="M([\d.]+) ([\d.]+)L([\d.]+) ([\d.]+)" [^>]*dasharray/)!
      .slice(1)
      .map(Number);
    expect(circles(text)[1].slice(0, 2)).toEqual([(left + right) / 2, (bottom + top) / 2]);
  });

  it('says what it shows', () => {
    const { alt, draw } = reliabilityDiagram({ ece: 0.0123, reliability });
    expect(alt).toBe(
      'Reliability, ECE 0.012: share of the same class 0.20 at 0.10, 0.50 at 0.50, 0.90 at 1.00',
    );
    expect(draw(lightTheme).text).toContain('1,100 pairs in 3 bins');
  });

  it.each([[[]], [reliability.slice(0, 1)]])('can be drawn of few bins', async (bins) => {
    const figure = reliabilityDiagram({ ece: 0, reliability: bins });
    const png = await decodeImage(renderFigure(figure));
    expect(png).toMatchObject({ width: 2 * figure.widthPx, height: 2 * figure.heightPx });
    expect(figure.draw(lightTheme).text).not.toMatch(/NaN|Infinity/);
  });
});
