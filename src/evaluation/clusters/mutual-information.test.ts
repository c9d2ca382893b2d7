import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../core/random.js';
import { adjustedMutualInformation, normalizedMutualInformation } from './mutual-information.js';

/** By the definition with probabilities, from the two lists of labels. */
function naiveInformation(first: readonly number[], second: readonly number[]) {
  const share = (of: (i: number) => boolean) => first.filter((_, i) => of(i)).length / first.length;
  const classes = [...new Set(first)];
  const clusters = [...new Set(second)];
  const plogp = (p: number) => (p === 0 ? 0 : p * Math.log(p));
  const entropy = (labels: readonly number[], names: readonly number[]) =>
    -names.reduce((sum, name) => sum + plogp(share((i) => labels[i] === name)), 0);
  const joint = -classes.reduce(
    (sum, a) =>
      sum + clusters.reduce((s, b) => s + plogp(share((i) => first[i] === a && second[i] === b)), 0),
    0,
  );
  const [h1, h2] = [entropy(first, classes), entropy(second, clusters)];
  return { information: h1 + h2 - joint, mean: (h1 + h2) / 2 };
}

/** Every order of the items. */
function* permutations(items: readonly number[]): Generator<number[]> {
  if (items.length === 0) yield [];
  for (let i = 0; i < items.length; i++)
    for (const rest of permutations(items.toSpliced(i, 1))) yield [items[i], ...rest];
}

/** The expectation by trying every way to hand out the second labels. */
function naiveAdjusted(first: readonly number[], second: readonly number[]): number {
  const { information, mean } = naiveInformation(first, second);
  let sum = 0;
  let count = 0;
  for (const dealt of permutations(second)) {
    sum += naiveInformation(first, dealt).information;
    count++;
  }
  return (information - sum / count) / (mean - sum / count);
}

const pairs = (maxLength: number) =>
  fc
    .array(fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: -2, max: 1 })), {
      minLength: 1,
      maxLength,
    })
    .map((items) => [items.map(([a]) => a), items.map(([, b]) => b)] as const);

describe.each([
  ['normalizedMutualInformation', normalizedMutualInformation],
  ['adjustedMutualInformation', adjustedMutualInformation],
])('%s', (_, of) => {
  it.each([
    ['the same labels', [0, 0, 1, 1, 2], [0, 0, 1, 1, 2]],
    ['the same partition under other names', [0, 0, 1, 1, 2], [7, 7, -1, -1, 0]],
    ['each item by itself', [0, 1, 2], [5, 4, 3]],
    ['all items together', [0, 0, 0], [4, 4, 4]],
  ])('is 1 for %s', (__, first, second) => {
    expect(of(first, second)).toBe(1);
  });

  it('is 0 where everything is in one cluster', () => {
    expect(of([0, 0, 1, 1, 2], [3, 3, 3, 3, 3])).toBeCloseTo(0, 12);
  });

  it('does not change when the two are swapped', () => {
    fc.assert(
      fc.property(pairs(12), ([first, second]) => {
        expect(of(first, second)).toBeCloseTo(of(second, first), 10);
      }),
    );
  });

  it('refuses labels of another number of items', () => {
    expect(() => of([0, 1], [0])).toThrow(expect.objectContaining({ code: 'shape-mismatch' }));
  });
});

describe('normalizedMutualInformation', () => {
  it('is worked out as by hand', () => {
    // Cells 2, 1 | 0, 1 of 4: I = ½ ln(4/3) + ¼ ln(2/3) + ¼ ln 2; entropies of (¾, ¼) and of (½, ½).
    const information = Math.log(4 / 3) / 2 + Math.log(2 / 3) / 4 + Math.log(2) / 4;
    const entropies = [-(3 / 4) * Math.log(3 / 4) - (1 / 4) * Math.log(1 / 4), Math.log(2)];
    expect(normalizedMutualInformation([0, 0, 0, 1], [0, 0, 1, 1])).toBeCloseTo(
      (2 * information) / (entropies[0] + entropies[1]),
      12,
    );
  });

  it('agrees with the definition', () => {
    fc.assert(
      fc.property(pairs(30), ([first, second]) => {
        const { information, mean } = naiveInformation(first, second);
        const expected = mean < 1e-12 ? 1 : information / mean;
        expect(normalizedMutualInformation(first, second)).toBeCloseTo(expected, 9);
      }),
    );
  });
});

describe('adjustedMutualInformation', () => {
  it('is worked out as by hand', () => {
    // Two pairs cut across: I = 0. Of the 6 ways to deal the second labels 2 agree with I = ln 2, so E = ⅓ ln 2.
    expect(adjustedMutualInformation([0, 0, 1, 1], [0, 1, 0, 1])).toBeCloseTo(-1 / 3 / (2 / 3), 12);
  });

  it('agrees with the expectation over every way to deal the labels', () => {
    fc.assert(
      fc.property(pairs(6), ([first, second]) => {
        const expected = naiveAdjusted(first, second);
        // 0/0 where both are the same partition
        if (Number.isFinite(expected) && Math.abs(expected) < 10)
          expect(adjustedMutualInformation(first, second)).toBeCloseTo(expected, 8);
      }),
      { numRuns: 60 },
    );
  });

  it('is about 0 for independent labels, where the normalised one rises with the number of clusters', () => {
    const random = Random.of(1, 'labels');
    const first = Array.from({ length: 2000 }, () => random.integer(10));
    const second = Array.from({ length: 2000 }, () => random.integer(400));
    expect(Math.abs(adjustedMutualInformation(first, second))).toBeLessThan(0.02);
    expect(normalizedMutualInformation(first, second)).toBeGreaterThan(0.15);
  });

  it('does not lose its digits in sets of many thousands', () => {
    const random = Random.of(2, 'labels');
    const first = Array.from({ length: 60_000 }, (_, i) => i % 1000);
    const second = first.map((label) => (random.uniform() < 0.5 ? label : random.integer(1000)));
    const adjusted = adjustedMutualInformation(first, second);
    expect(adjusted).toBeGreaterThan(0.3);
    expect(adjusted).toBeLessThan(normalizedMutualInformation(first, second));
  });
});
