import { describe, expect, it } from 'vitest';
import { decodeImage } from '../image/decode.js';
import { renderSvg } from './render-svg.js';

const svg = (content: string) =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="60" height="30" font-family="Inter"><rect width="100%" height="100%" fill="#fff"/>${content}</svg>`;
const text = (weight: number) => `<text x="5" y="20" font-size="16" font-weight="${weight}">frog</text>`;

const inkOf = async (content: string) => {
  const { data } = await decodeImage(renderSvg(svg(content)));
  return data.reduce((sum, value) => sum + 255 - value, 0);
};

describe('renderSvg', () => {
  it('gives a PNG file of the drawing at the scale asked for', async () => {
    const png = renderSvg(svg(''), 3);
    expect([...png.subarray(0, 4)]).toEqual([0x89, 0x50, 0x4e, 0x47]);
    expect(await decodeImage(png)).toMatchObject({ width: 180, height: 90 });
  });

  it('draws text, in two weights, with the typeface it ships', async () => {
    const [none, regular, semibold] = [await inkOf(''), await inkOf(text(400)), await inkOf(text(600))];
    expect(none).toBe(0);
    expect(regular).toBeGreaterThan(10_000);
    expect(semibold).toBeGreaterThan(1.1 * regular);
  });

  it('asks the machine for characters its typeface lacks, and goes on without where it has none', () => {
    expect(renderSvg(svg('<text x="5" y="20">猫</text>')).length).toBeGreaterThan(0);
  });
});
