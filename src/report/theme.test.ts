import { describe, expect, it } from 'vitest';
import { darkTheme, lightTheme, pageTheme, themeDeclarations } from './theme.js';

/** Contrast ratio of two colours, https://www.w3.org/TR/WCAG21/#dfn-contrast-ratio */
function contrast(a: string, b: string): number {
  const luminance = (hex: string) => {
    const [red, green, blue] = [1, 3, 5].map((at) => {
      const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
      return channel <= 0.03928 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [darker, lighter] = [luminance(a), luminance(b)].sort((p, q) => p - q);
  return (lighter + 0.05) / (darker + 0.05);
}

describe.each([
  ['light', lightTheme],
  ['dark', darkTheme],
])('the %s theme', (_, theme) => {
  it('keeps text readable (WCAG AA, 4.5:1)', () => {
    for (const [paint, ground] of [
      [theme.ink, theme.page],
      [theme.ink, theme.panel],
      [theme.muted, theme.page],
      [theme.accent, theme.page],
      [theme.onAccent, theme.accent],
    ])
      expect(contrast(paint, ground)).toBeGreaterThan(4.5);
  });

  it('keeps marks visible (WCAG AA, 3:1)', () => {
    for (const paint of [theme.second, theme.same, theme.other])
      expect(contrast(paint, theme.page)).toBeGreaterThan(3);
  });
});

describe('the theme of a page', () => {
  it('refers to what a page declares', () => {
    expect(pageTheme.accent).toBe('var(--accent)');
    expect(themeDeclarations(darkTheme)).toContain(`--accent:${darkTheme.accent};`);
  });
});
