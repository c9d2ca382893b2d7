import { describe, expect, it } from 'vitest';
import { configDifferences } from './config-differences.js';

describe('configDifferences', () => {
  it('names the deepest settings that differ, and none that do not', () => {
    const config = (beta2: number, seed: number) => ({
      source: 'x',
      recipe: { name: 'r', optimizer: { name: 'adam', beta1: 0.9, beta2 } },
      seed,
    });
    expect(configDifferences([config(0.9, 1), config(0.99, 1), config(0.9, 2)])).toEqual([
      { path: 'recipe.optimizer.beta2', values: [0.9, 0.99, 0.9] },
      { path: 'seed', values: [1, 1, 2] },
    ]);
    expect(configDifferences([config(0.9, 1), config(0.9, 1)])).toEqual([]);
  });

  it('shows parts of different makes whole', () => {
    const [a, b] = [
      { name: 'adam', beta1: 0.9 },
      { name: 'sgd', momentum: 0.9 },
    ];
    expect(configDifferences([{ optimizer: a }, { optimizer: b }])).toEqual([
      { path: 'optimizer', values: [a, b] },
    ]);
  });

  it('takes settings that some do not have, and lists, as they are', () => {
    const found = configDifferences([{ widths: [1, 2] }, { widths: [1, 3], clipNorm: 1 }]);
    expect(found).toEqual([
      {
        path: 'widths',
        values: [
          [1, 2],
          [1, 3],
        ],
      },
      { path: 'clipNorm', values: [undefined, 1] },
    ]);
  });
});
