import { describe, expect, it } from 'vitest';
import { groupColour } from './group-colours.js';

/** Contrast ratio by WCAG 2. */
function contrast(a: string, b: string): number {
  const luminance = (colour: string) => {
    const [r, g, blue] = [1, 3, 5].map((at) => {
      const v = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
      return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
    }) as [number, number, number];
    return 0.2126 * r + 0.7152 * g + 0.0722 * blue;
  };
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

describe('groupColour', () => {
  it('is another for each of very many groups, and can be seen on light and on dark', () => {
    const colours = Array.from({ length: 100 }, (_, group) => groupColour(group));
    expect(new Set(colours).size).toBe(100);
    for (const colour of colours) {
      expect(colour).toMatch(/^#[0-9a-f]{6}$/);
      expect(contrast(colour, '#ffffff')).toBeGreaterThan(2);
      expect(contrast(colour, '#0c0e10')).toBeGreaterThan(2.5);
    }
  });
});
