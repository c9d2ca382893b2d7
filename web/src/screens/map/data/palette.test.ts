import { describe, expect, test } from 'vitest';
import { colourOf, darkColours, groups, lightColours, otherSlot, rgbOf, shapeOf, slotOf } from './palette.js';

type Colour = [number, number, number];

const linear = (colour: string) =>
  rgbOf(colour).map((value) =>
    value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4,
  ) as Colour;

/** Rows of the matrices of Machado et al. 2009, severity 1, on linear sRGB. */
const eyes: Record<string, Colour[]> = {
  all: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanope: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranope: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanope: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};
const seen = (matrix: Colour[], [r, g, b]: Colour) =>
  matrix.map((row) => Math.min(1, Math.max(0, row[0] * r + row[1] * g + row[2] * b))) as Colour;

/** Björn Ottosson's Oklab: distances in it are about as eyes see them. */
function oklab([r, g, b]: Colour): Colour {
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function nearest(colours: readonly string[], matrix: Colour[]): number {
  const all = colours.map((colour) => oklab(seen(matrix, linear(colour))));
  return Math.min(
    ...all.flatMap((a, i) => all.slice(0, i).map((b) => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]))),
  );
}

describe.each([
  ['light', lightColours, '#ffffff', 2.4],
  ['dark', darkColours, '#15171c', 3],
] as const)('%s colours', (_, colours, surface, contrast) => {
  test.each(Object.entries(eyes))('can be told apart by the eyes of %s', (_, matrix) => {
    // The seven of Okabe and Ito, which is the palette to be measured by, come to 0.101, 0.076, 0.091 and 0.082.
    expect(nearest(colours, matrix)).toBeGreaterThan(0.11);
  });

  test('stand out from what is behind them', () => {
    const light = (colour: string) => {
      const [r, g, b] = linear(colour);
      return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05;
    };
    for (const colour of colours) {
      const ratio = light(colour) / light(surface);
      expect(Math.max(ratio, 1 / ratio)).toBeGreaterThan(contrast);
    }
  });
});

test('every group has a colour and shape of its own, until there are too many', () => {
  const looks = Array.from({ length: groups }, (_, group) => {
    const slot = slotOf(group);
    return `${colourOf(slot, 'light')} ${shapeOf(slot)}`;
  });
  expect(new Set(looks).size).toBe(groups);
  expect(slotOf(groups)).toBe(otherSlot);
  expect(slotOf(5000)).toBe(otherSlot);
});
