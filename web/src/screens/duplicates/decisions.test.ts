import { describe, expect, test } from 'vitest';
import type { DuplicateGroup } from '../../api.js';
import {
  type Copy,
  decidedGroup,
  inverse,
  isDecided,
  keepAll,
  keepBest,
  losesAll,
  toggled,
  undecided,
} from './decisions.js';

function group(...decisions: Copy['decision'][]): DuplicateGroup {
  const images = decisions.map((decision, index) => ({ id: index + 1, decision }) as Copy);
  return { key: 'k', kind: 'near', distance: 3, images };
}

test('keeping the best says so of all others too, but only where it was not said', () => {
  expect(keepBest(group(null, null, null))).toEqual([
    { id: 1, decision: 'keep' },
    { id: 2, decision: 'trash' },
    { id: 3, decision: 'trash' },
  ]);
  expect(keepBest(group('keep', 'keep', 'trash'))).toEqual([{ id: 2, decision: 'trash' }]);
  expect(keepBest(group('keep', 'trash'))).toEqual([]);
});

test('all can be kept', () => {
  expect(keepAll(group('trash', 'keep'))).toEqual([{ id: 1, decision: 'keep' }]);
});

test('a key turns keep into trash and back; at first it says what is likely', () => {
  expect(toggled(group(null, null), 0)).toEqual([{ id: 1, decision: 'keep' }]);
  expect(toggled(group(null, null), 1)).toEqual([{ id: 2, decision: 'trash' }]);
  expect(toggled(group('keep', 'trash'), 0)).toEqual([{ id: 1, decision: 'trash' }]);
  expect(toggled(group('keep', 'trash'), 1)).toEqual([{ id: 2, decision: 'keep' }]);
  expect(toggled(group(null, null), 5)).toEqual([]);
});

describe('a group', () => {
  test('is decided when something was decided of every image', () => {
    expect(isDecided(group('keep', 'trash'))).toBe(true);
    expect(isDecided(group('keep', null))).toBe(false);
  });

  test('is lost when all of it is trash', () => {
    expect(losesAll(group('trash', 'trash'))).toBe(true);
    expect(losesAll(group('trash', 'keep'))).toBe(false);
  });

  test('that nothing is decided of is left as it is', () => {
    const untouched = group(null);
    expect(decidedGroup(untouched, [{ id: 9, decision: 'keep' }])).toBe(untouched);
  });
});

test('a decision and its inverse leave a group as it was', () => {
  for (const before of [group(null, 'keep', 'trash'), group('trash', null, null)]) {
    for (const decisions of [keepBest(before), toggled(before, 1), keepAll(before), undecided(before)]) {
      const after = decidedGroup(before, decisions);
      expect(decidedGroup(after, inverse(before, decisions))).toEqual(before);
    }
  }
});
