import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { scatterLayer } from './scatter-layer.js';

async function pixels(x: readonly number[], y: readonly number[], opacity = 1) {
  const png = await scatterLayer({
    x,
    y,
    colourOf: (point) => ['#ff0000', '#0000ff'][point]!,
    radius: 3,
    opacity,
    widthPx: 20,
    heightPx: 20,
  });
  const { data } = await sharp(png).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return (px: number, py: number) => [...data.subarray(4 * (py * 20 + px), 4 * (py * 20 + px) + 4)];
}

describe('scatterLayer', () => {
  it('stamps a disc where its point is, of its area, with soft edges', async () => {
    const at = await pixels([10], [10]);
    expect(at(10, 10)).toEqual([255, 0, 0, 255]);
    expect(at(16, 10)[3]).toBe(0);
    let area = 0;
    for (let py = 0; py < 20; py++) for (let px = 0; px < 20; px++) area += at(px, py)[3]! / 255;
    expect(area).toBeCloseTo(Math.PI * 9, -1);
  });

  it('lays the later over the earlier, as far as that is opaque', async () => {
    expect((await pixels([10, 10], [10, 10]))(10, 10)).toEqual([0, 0, 255, 255]);
    const [r, , b, a] = (await pixels([10, 10], [10, 10], 0.5))(10, 10) as [number, number, number, number];
    expect(a).toBe(191);
    expect(b / r).toBeCloseTo(2, 1);
  });

  it('cuts discs off at its borders', async () => {
    const at = await pixels([0, 20], [0, 20]);
    expect(at(0, 0)).toEqual([255, 0, 0, 255]);
    expect(at(19, 19)).toEqual([0, 0, 255, 255]);
  });
});
