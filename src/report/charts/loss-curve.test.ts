import { describe, expect, it } from 'vitest';
import { decodeImage } from '../../image/decode.js';
import { renderFigure } from '../figure.js';
import { lightTheme } from '../theme.js';
import { lossCurve } from './loss-curve.js';

const drawn = (lossPerEpoch: number[]) => lossCurve({ lossPerEpoch }).draw(lightTheme).text;
const lineOf = (text: string) => text.match(/<path d="(M[^"]*)" fill="none"/)![1];

describe('lossCurve', () => {
  it('falls where the loss falls, epoch by epoch from left to right', () => {
    const points = lineOf(drawn([2.3, 2.0, 1.9]))
      .slice(1)
      .split('L')
      .map((point) => point.split(' ').map(Number));
    expect(points).toHaveLength(3);
    expect(points[0][0]).toBeLessThan(points[1][0]);
    expect(points[2][0] - points[1][0]).toBeCloseTo(points[1][0] - points[0][0], 0);
    // Down on the screen is a larger y; the second step is a third of the first.
    expect(points[1][1] - points[0][1]).toBeCloseTo(3 * (points[2][1] - points[1][1]), 0);
  });

  it('leaves a gap where a loss is not finite', () => {
    expect(lineOf(drawn([2, Number.NaN, 1.8, 1.7])).match(/M/g)).toHaveLength(2);
  });

  it('writes the last loss, and the last of the reference, at their ends', () => {
    const reference = { name: 'published', points: [[1, 2.27] as const, [20, 1.66] as const] };
    const { draw, alt } = lossCurve({ lossPerEpoch: [2.3, 1.704], reference });
    expect(draw(lightTheme).text).toContain('>loss 1.70</text>');
    expect(draw(lightTheme).text).toContain('>published 1.66</text>');
    expect(alt).toBe(
      'Loss by epoch: loss from 2.30 at epoch 1 to 1.70 at 2; published from 2.27 at epoch 1 to 1.66 at 20',
    );
  });

  it.each([[[]], [[2.27]], [[2, 2, 2]]])('can be drawn of the losses %j', async (lossPerEpoch) => {
    const figure = lossCurve({ lossPerEpoch });
    const png = await decodeImage(renderFigure(figure));
    expect(png).toMatchObject({ width: 2 * figure.widthPx, height: 2 * figure.heightPx });
    expect(figure.draw(lightTheme).text).not.toMatch(/NaN|Infinity/);
  });
});
