import { describe, expect, it } from 'vitest';
import { listedPairs } from '../../../test/fixtures/scored-pairs.js';
import { fitIsotonic } from './isotonic-fit.js';
import { probabilityOf } from './probability-map.js';

describe('fitIsotonic', () => {
  it('draws each block to the base rate as by one more pair', () => {
    // Base rate 1/2. Blocks: 0.1 → 0, 0.2 to 0.3 → 1/2, 0.4 → 1; with one more pair of 1/2: 1/4, 1/2, 3/4.
    const { knots } = fitIsotonic(
      listedPairs([
        [0.1, 0],
        [0.2, 1],
        [0.3, 0],
        [0.4, 1],
      ]),
    );
    expect(knots).toEqual([
      [0.1, 0.25],
      [0.2, 0.5],
      [0.3, 0.5],
      [0.4, 0.75],
    ]);
  });

  it('pools once more where that makes blocks fall', () => {
    // Nine of ten, then a single one: 9.9/11 · 11 + (1 + 0.909)/2 · 2 — the single pair may not go beyond what it shows.
    const list = Array.from({ length: 9 }, () => [0.5, 1] as const);
    const { knots } = fitIsotonic(listedPairs([[0.1, 0], ...list, [0.5, 0], [0.9, 1]]));
    const at = (score: number) => probabilityOf({ method: 'isotonic', knots }, score);
    expect(at(0.9)).toBeLessThan(0.95);
    expect(at(0.9)).toBeGreaterThanOrEqual(at(0.5));
  });

  it('gives the base rate where all scores are equal, and where scores fall as likeness rises', () => {
    const equal = fitIsotonic(
      listedPairs([
        [0.5, 0],
        [0.5, 1],
        [0.5, 0],
        [0.5, 0],
      ]),
    );
    expect(equal.knots).toEqual([[0.5, 0.25]]);
    const fallen = fitIsotonic(
      listedPairs([
        [0.1, 1],
        [0.9, 0],
      ]),
    );
    expect(fallen.knots).toEqual([
      [0.1, 0.5],
      [0.9, 0.5],
    ]);
  });
});
