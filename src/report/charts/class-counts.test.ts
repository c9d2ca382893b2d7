import { describe, expect, it } from 'vitest';
import { lightTheme } from '../theme.js';
import { classCounts } from './class-counts.js';

const names = (count: number) => Array.from({ length: count }, (_, c) => `class ${c}`);
const barWidths = (text: string) =>
  [...text.matchAll(/<rect [^>]*width="([\d.]+)" height="16"/g)].map((match) => Number(match[1]));

describe('classCounts', () => {
  it('draws a bar per class, as long as the class is large', () => {
    const figure = classCounts({ classNames: ['a', 'b', 'c'], counts: [1000, 500, 0] });
    const [a, b, c] = barWidths(figure.draw(lightTheme).text);
    expect(b).toBeCloseTo(a / 2, 1);
    expect(c).toBe(0);
    expect(figure.alt).toBe('Images per class: a 1,000, b 500, c 0');
  });

  it('counts classes by size where there are too many to name', () => {
    const figure = classCounts({ classNames: names(300), counts: Array(300).fill(4).fill(3, 0, 20) });
    expect(figure.alt).toBe('Classes by number of images: 3 images 20, 4 images 280');
  });

  it('takes sizes together in doubling bins where they are many', () => {
    const counts = Array.from({ length: 100 }, (_, c) => c);
    const { alt } = classCounts({ classNames: names(100), counts });
    expect(alt).toContain('0 images 1, 1 image 1, 2–3 images 2, 4–7 images 4');
    expect(alt).toContain('64–127 images 36');
  });
});
