import { describe, expect, it } from 'vitest';
import { decodeImage } from '../image/decode.js';
import { type IconifyIcons, iconSvg } from './iconify-icon.js';

/** A 4 × 4 box whose quarters are red, green, blue, black from the top left, row by row. */
const quarters =
  '<path fill="red" d="M0 0h2v2H0z"/><path fill="lime" d="M2 0h2v2H2z"/>' +
  '<path fill="blue" d="M0 2h2v2H0z"/><path d="M2 2h2v2H2z"/>';

const set: IconifyIcons = {
  width: 4,
  height: 4,
  icons: {
    quarters: { body: quarters },
    moved: { body: `<g transform="translate(10 20)">${quarters}</g>`, left: 10, top: 20 },
    wide: { body: '<path d="M0 0h4v2H0z"/>', height: 2 },
    turned: { body: quarters, rotate: 1 },
  },
  aliases: {
    same: { parent: 'quarters' },
    mirrored: { parent: 'quarters', hFlip: true },
    'mirrored-twice': { parent: 'mirrored', hFlip: true },
    upsideDown: { parent: 'quarters', vFlip: true },
    turned: { parent: 'quarters', rotate: 1 },
    'turned-thrice': { parent: 'turned-clockwise', rotate: 2 },
    'turned-clockwise': { parent: 'quarters', rotate: 1 },
    'mirrored-then-turned': { parent: 'quarters', hFlip: true, rotate: 1 },
    'wide-turned': { parent: 'wide', rotate: 1 },
  },
};

const letters = new Map([
  ['255,0,0', 'r'],
  ['0,255,0', 'g'],
  ['0,0,255', 'b'],
  ['0,0,0', 'k'],
  ['255,255,255', '.'],
]);

/** The colours at the middles of the four quarters of the drawn icon. */
async function drawn(name: string): Promise<string> {
  const svg = iconSvg(set, name, { width: 8, height: 8 });
  const { data, width, height } = await decodeImage(Buffer.from(svg));
  expect([width, height]).toEqual([8, 8]);
  const at = (x: number, y: number) =>
    letters.get(data.subarray((y * 8 + x) * 3, (y * 8 + x) * 3 + 3).join());
  return [at(1, 1), at(6, 1), at(1, 6), at(6, 6)].join('');
}

describe('an icon drawn from an icon set', () => {
  it.each([
    ['quarters', 'rgbk'],
    ['moved', 'rgbk'],
    ['same', 'rgbk'],
    ['mirrored', 'grkb'],
    ['mirrored-twice', 'rgbk'],
    ['upsideDown', 'bkrg'],
    ['turned', 'brkg'],
    ['turned-clockwise', 'brkg'],
    ['turned-thrice', 'gkrb'],
    ['mirrored-then-turned', 'kgbr'],
  ])('shows %s as %s', async (name, expected) => {
    expect(await drawn(name)).toBe(expected);
  });

  it.each([
    ['wide', '..kkkk..', 'kkkkkkkk'],
    ['wide-turned', 'kkkkkkkk', '..kkkk..'],
  ])('keeps the proportions of %s and centres it', async (name, down, across) => {
    const { data } = await decodeImage(Buffer.from(iconSvg(set, name, { width: 8, height: 8 })));
    const line = (at: (i: number) => number) =>
      Array.from({ length: 8 }, (_, i) => (data[at(i) * 3] === 0 ? 'k' : '.')).join('');
    expect(line((i) => i * 8 + 4)).toBe(down);
    expect(line((i) => 4 * 8 + i)).toBe(across);
  });

  it('is an error for a name that the set does not have', () => {
    expect(() => iconSvg(set, 'octagons', { width: 8, height: 8 })).toThrow('no icon is named octagons');
  });
});
