import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RowsById } from './rows-by-id.js';

test('every id is found where it is, and no other is', () => {
  const ids = fc.uniqueArray(fc.integer({ min: 1, max: 2 ** 32 - 1 }), { maxLength: 60 });
  fc.assert(
    fc.property(ids, fc.integer({ min: 1, max: 2 ** 32 - 1 }), fc.boolean(), (some, other, inOrder) => {
      const all = Uint32Array.from(some);
      if (inOrder) all.sort();
      const rows = new RowsById(all);
      all.forEach((id, row) => {
        expect(rows.row(id)).toBe(row);
      });
      expect(rows.row(other)).toBe(all.includes(other) ? all.indexOf(other) : undefined);
    }),
  );
});
