import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IdBits } from './id-bits.js';

describe('IdBits', () => {
  it('has what was added and nothing else', () => {
    const id = fc.oneof(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 3_000_000 }));
    fc.assert(
      fc.property(fc.array(id), fc.array(id), (added, others) => {
        const bits = new IdBits();
        for (const one of added) bits.add(one);
        for (const one of [...added, ...others]) expect(bits.has(one)).toBe(added.includes(one));
      }),
      { numRuns: 50 },
    );
  });
});
