import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DrawOptions, drawHalves, drawSplits } from './draw-splits.js';

const shares = { test: 0.2, val: 0.1, seed: 0 };
const imagesOf = (count: number, label?: string) =>
  Array.from({ length: count }, (_, i) => ({ id: `${label}/${i}`, ...(label !== undefined && { label }) }));

type Image = { readonly id: string; readonly label?: string; readonly group?: string };

function splitsById(images: readonly Image[], options: DrawOptions): Map<string, string> {
  const drawn = drawSplits(images, options);
  return new Map(images.map(({ id }, i) => [id, drawn[i]!]));
}

/** How many of what stays are on another side after a change. */
function moved(before: readonly Image[], after: readonly Image[], options: DrawOptions): number {
  const [old, current] = [splitsById(before, options), splitsById(after, options)];
  return [...old].filter(([id, split]) => current.has(id) && current.get(id) !== split).length;
}

const counts = (drawn: readonly string[]) =>
  ['train', 'val', 'test'].map((split) => drawn.filter((found) => found === split).length);

describe('a split by ratio', () => {
  it.each([
    [100, [70, 10, 20]],
    [10, [7, 1, 2]],
    [5, [3, 1, 1]],
    [4, [2, 1, 1]],
    [3, [2, 0, 1]],
    [2, [2, 0, 0]],
    [1, [1, 0, 0]],
  ])('of a class of %d images leaves two to train on before it takes any', (count, wanted) => {
    const images = [...imagesOf(count, 'a'), ...imagesOf(50, 'b')];
    expect(counts(drawSplits(images, { by: 'ratio', ...shares }).slice(0, count))).toEqual(wanted);
  });

  it('takes images without a label for one class', () => {
    expect(counts(drawSplits(imagesOf(50), { by: 'ratio', ...shares }))).toEqual([35, 5, 10]);
  });

  it('moves no image when another comes or goes, but one at each boundary', () => {
    for (let count = 5; count < 60; count++) {
      const [before, after] = [imagesOf(count, 'a'), imagesOf(count + 1, 'a')];
      for (const seed of [0, 1]) {
        expect(moved(before, after, { by: 'ratio', ...shares, seed })).toBeLessThanOrEqual(2);
        expect(moved(after, before, { by: 'ratio', ...shares, seed })).toBeLessThanOrEqual(2);
      }
    }
  });

  it('is another by another seed', () => {
    const images = imagesOf(100, 'a');
    const drawn = (seed: number) => drawSplits(images, { by: 'ratio', ...shares, seed });
    expect(drawn(0)).toEqual(drawn(0));
    expect(drawn(0)).not.toEqual(drawn(1));
  });
});

describe('a split by class', () => {
  const images = Array.from({ length: 20 }, (_, c) => imagesOf(1 + (c % 3), `class ${c}`)).flat();

  it('has every class on one side alone', () => {
    const drawn = drawSplits(images, { by: 'class', ...shares });
    const classesIn = (split: string) =>
      new Set(images.filter((_, i) => drawn[i] === split).map(({ label }) => label));
    const [train, val, test] = ['train', 'val', 'test'].map(classesIn);
    expect([train!.size, val!.size, test!.size]).toEqual([14, 2, 4]);
    expect(new Set([...train!, ...val!, ...test!]).size).toBe(20);
  });

  it('moves no class when another comes, but at the boundaries', () => {
    for (let c = 5; c < 30; c++) {
      const classes = (count: number) =>
        Array.from({ length: count }, (_, i) => imagesOf(1, `class ${i}`)).flat();
      expect(moved(classes(c), classes(c + 1), { by: 'class', ...shares })).toBeLessThanOrEqual(2);
    }
  });

  it('needs two classes', () => {
    expect(() => drawSplits(imagesOf(5, 'a'), { by: 'class', ...shares })).toThrow(
      expect.objectContaining({ code: 'too-few-images' }),
    );
  });
});

describe('a split by group', () => {
  const arbitrary = fc.array(
    fc.record({ group: fc.option(fc.nat(8), { nil: undefined }), label: fc.nat(2) }),
    {
      minLength: 2,
      maxLength: 60,
    },
  );

  it('never has a group on two sides, and always something to train on', () => {
    fc.assert(
      fc.property(arbitrary, fc.nat(5), fc.constantFrom(0, 0.2, 0.5, 0.9), (rows, seed, test) => {
        const images = rows.map(({ group, label }, i) => ({
          id: `${i}`,
          label: `${label}`,
          ...(group !== undefined && { group: `${group}` }),
        }));
        fc.pre(new Set(images.map(({ group, id }) => group ?? `alone ${id}`)).size > 1);
        const drawn = drawSplits(images, { by: 'group', test, val: 0.1, seed });
        expect(drawn).toContain('train');
        const sides = new Map<string, string>();
        for (const [i, { group }] of images.entries()) {
          if (group === undefined) continue;
          expect(sides.get(group) ?? drawn[i]).toBe(drawn[i]);
          sides.set(group, drawn[i]!);
        }
      }),
    );
  });

  it('takes a share of the groups, and no image that is called like one for its member', () => {
    const images = Array.from({ length: 40 }, (_, i) => ({ id: `p${i}`, group: `p${i % 10}` }));
    const drawn = drawSplits([...images, { id: 'alone' }], { by: 'group', ...shares, val: 0 });
    const tested = new Set(images.filter((_, i) => drawn[i] === 'test').map(({ group }) => group));
    expect(tested.size + (drawn[40] === 'test' ? 1 : 0)).toBe(2);
  });
});

describe('halves of a source without any', () => {
  it('keep groups together where there are some, and leave a single one to training', () => {
    const grouped = Array.from({ length: 30 }, (_, i) => ({ id: `${i}`, label: 'a', group: `${i % 5}` }));
    const drawn = drawHalves(grouped, 0);
    expect(new Set(grouped.filter((_, i) => drawn[i] === 'test').map(({ group }) => group)).size).toBe(1);
    expect(
      new Set(
        drawHalves(
          grouped.map((image) => ({ ...image, group: 'one' })),
          0,
        ),
      ),
    ).toEqual(new Set(['train']));
  });
});
