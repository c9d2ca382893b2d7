import { describe, expect, it } from 'vitest';
import { renderFigure } from '../figure.js';
import { lightTheme } from '../theme.js';
import { confusionHeatMap } from './confusion-heat-map.js';

const rows = [
  [8, 2, 0],
  [10, 30, 0],
  [0, 0, 0],
];
const figure = confusionHeatMap({ classNames: ['cat', 'dog', 'ship'], rows });
const drawn = figure.draw(lightTheme).text;

describe('confusionHeatMap', () => {
  it('shows each cell as a share of its row', () => {
    expect(drawn).toContain('<title>cat → cat: 80.0 %</title>');
    expect(drawn).toContain('<title>dog → cat: 25.0 %</title>');
  });

  it('paints the diagonal in one colour and confusion in another, by share of the largest', () => {
    const painted = [...drawn.matchAll(/rx="2" fill="(#\w+)" fill-opacity="([\d.]+)"/g)];
    expect(painted.map(([, paint, opacity]) => [paint, Number(opacity)])).toEqual([
      [lightTheme.accent, 1],
      [lightTheme.second, 0.25],
      [lightTheme.second, 0.31],
      [lightTheme.accent, 0.94],
    ]);
  });

  it('leaves the row of a class without queries empty', () => {
    expect(drawn).toContain('<title>ship → ship: 0.0 %</title>');
    expect(drawn).not.toMatch(/NaN|Infinity/);
  });

  it('says in words how each class does and what is confused most', () => {
    expect(figure.alt).toContain('cat 80 %, dog 75 %, ship 0 %');
    expect(figure.alt).toContain('dog with cat, 25 %');
  });

  it('can be drawn of one class, and of many with long names', () => {
    expect(renderFigure(confusionHeatMap({ classNames: ['cat'], rows: [[3]] })).length).toBeGreaterThan(0);
    const many = Array.from({ length: 40 }, (_, c) => `a class with a very long name, number ${c}`);
    const diagonal = many.map((_, a) => many.map((_, b) => (a === b ? 1 : 0)));
    const wide = confusionHeatMap({ classNames: many, rows: diagonal });
    expect(wide.widthPx).toBeLessThan(1000);
    expect(renderFigure(wide).length).toBeGreaterThan(0);
  });
});
