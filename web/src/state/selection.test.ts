import { beforeEach, expect, test } from 'vitest';
import { selection } from './selection.js';

beforeEach(() => selection.clear());

test('an image is selected and given up by the same', () => {
  selection.toggle(3);
  selection.toggle(4);
  selection.toggle(3);
  expect([...selection.ids.value]).toEqual([4]);
  expect(selection.count.value).toBe(1);
});

test('what is added stays in the order of its coming, and once', () => {
  selection.set([1, 2]);
  selection.add([2, 3]);
  selection.remove([1]);
  expect([...selection.ids.value]).toEqual([2, 3]);
});

test('who watches is told only of changes', () => {
  const before = selection.ids.value;
  selection.clear();
  expect(selection.ids.value).toBe(before);
});
