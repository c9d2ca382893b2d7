import fc from 'fast-check';
import { expect, it } from 'vitest';
import { IdSet } from './id-set.js';

it('a set of ids knows which are new, as a set of texts does', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 2 })), (ids) => {
      const [set, reference] = [new IdSet(), new Set<string>()];
      for (const id of ids) {
        expect(set.add(id)).toBe(!reference.has(id));
        reference.add(id);
      }
    }),
  );
});

it('a set of ids grows', () => {
  const set = new IdSet();
  for (let i = 0; i < 20_000; i++) if (!set.add(`image ${i}`)) throw new Error(`${i} was new`);
  for (let i = 0; i < 20_000; i++) if (set.add(`image ${i}`)) throw new Error(`${i} was known`);
  expect(set.add('image 20000')).toBe(true);
});
