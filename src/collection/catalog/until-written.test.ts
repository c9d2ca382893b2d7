import { describe, expect, it } from 'vitest';
import { UntilWritten } from './until-written.js';

describe('UntilWritten', () => {
  it('keeps what it is given until the catalog is written to', () => {
    let state = 'a';
    const kept = new UntilWritten<number>({ state: () => state }, 3);
    expect(kept.get('one')).toBeUndefined();
    kept.set('one', 1);
    expect(kept.get('one')).toBe(1);
    state = 'b';
    expect(kept.get('one')).toBeUndefined();
    state = 'a';
    expect(kept.get('one')).toBeUndefined();
  });

  it('forgets what was worked out while others wrote', () => {
    let state = 'a';
    const kept = new UntilWritten<number>({ state: () => state }, 3);
    expect(kept.get('one')).toBeUndefined();
    state = 'b';
    kept.set('one', 1);
    expect(kept.get('one')).toBeUndefined();
  });

  it('lets the oldest go where there are too many, and what is taken', () => {
    const kept = new UntilWritten<number>({ state: () => 'a' }, 2);
    expect(kept.get('one')).toBeUndefined();
    for (const [key, value] of Object.entries({ one: 1, two: 2 })) kept.set(key, value);
    kept.set('one', 10);
    kept.set('three', 3);
    expect(['one', 'two', 'three'].map((key) => kept.get(key))).toEqual([10, undefined, 3]);
    expect(kept.take('three')).toBe(3);
    expect(kept.take('three')).toBeUndefined();
  });
});
