import { Resvg } from '@resvg/resvg-js';
import { describe, expect, it } from 'vitest';
import { fitText, fontFamily, fontFiles, isCovered, textWidthPx, wrapText } from './font-metrics.js';

/** Width of the ink as drawn. */
function drawnWidthPx(text: string, sizePx: number, weight: number): number {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="2000" height="200"><text x="10" y="100" font-family="${fontFamily}" font-size="${sizePx}" font-weight="${weight}">${text}</text></svg>`;
  const font = { fontFiles: Object.values(fontFiles), loadSystemFonts: false };
  return new Resvg(svg, { font }).innerBBox()!.width;
}

describe('textWidthPx', () => {
  it.each([
    ['regular', 400],
    ['semibold', 600],
  ] as const)('agrees with what is drawn in %s', (weight, css) => {
    for (const text of ['automobile', 'mean over queries', '0.5273 MAP@R', 'Größe naïve Ωμ']) {
      const width = textWidthPx(text, { sizePx: 40, weight });
      expect(Math.abs(width - drawnWidthPx(text, 40, css))).toBeLessThan(0.04 * width);
    }
  });

  it('grows with the size and the weight', () => {
    const regular = textWidthPx('frog', { sizePx: 10 });
    expect(textWidthPx('frog', { sizePx: 20 })).toBeCloseTo(2 * regular, 9);
    expect(textWidthPx('frog', { sizePx: 10, weight: 'semibold' })).toBeGreaterThan(regular);
  });
});

describe('fitText', () => {
  it('leaves text that fits alone', () => {
    expect(fitText('ship', 100, { sizePx: 11 })).toBe('ship');
  });

  it('shortens text that does not fit to what does, with an ellipsis', () => {
    const shortened = fitText('grinning face with sweat', 64, { sizePx: 11 });
    expect(shortened).toMatch(/^grinning.*…$/);
    expect(textWidthPx(shortened, { sizePx: 11 })).toBeLessThanOrEqual(64);
  });

  it('gives nothing where not even one letter fits', () => {
    expect(fitText('ship', 2, { sizePx: 11 })).toBe('');
  });
});

describe('wrapText', () => {
  const style = { sizePx: 11 };

  it('breaks after hyphens and between words', () => {
    expect(wrapText('christmas-tree', 64, 2, style)).toEqual(['christmas-', 'tree']);
    expect(wrapText('garbage truck', 64, 2, style)).toEqual(['garbage', 'truck']);
  });

  it('shortens the last line it may use', () => {
    const lines = wrapText('person in motorized wheelchair facing right', 64, 2, style);
    expect(lines).toHaveLength(2);
    expect(lines[1]).toMatch(/…$/);
    for (const line of lines) expect(textWidthPx(line, style)).toBeLessThanOrEqual(64);
  });

  it('keeps a word with no place to break in one line', () => {
    expect(wrapText('hippopotamuses', 40, 2, style)).toEqual([expect.stringMatching(/^hip.*…$/)]);
  });

  it('makes no line of nothing', () => {
    expect(wrapText('  ', 40, 2, style)).toEqual([]);
  });
});

describe('isCovered', () => {
  it('knows Latin, Greek and Cyrillic and the signs of formulas, but no Chinese', () => {
    expect(isCovered('Größe Σ ≤ → é Привет')).toBe(true);
    expect(isCovered('猫')).toBe(false);
  });
});
