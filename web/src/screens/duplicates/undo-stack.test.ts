import { expect, test } from 'vitest';
import { UndoStack } from './undo-stack.js';

function memory() {
  const values = new Map<string, string>();
  return {
    getItem: (key: string) => values.get(key) ?? null,
    setItem: (key: string, value: string) => void values.set(key, value),
  };
}
const step = (id: number) => ({ key: `g${id}`, at: id, decisions: [{ id, decision: null }] });

test('the last step is taken back first, also after the page was loaded again', () => {
  const storage = memory();
  const stack = new UndoStack('photos', storage);
  stack.push(step(1));
  stack.push(step(2));
  expect(stack.pop()).toEqual(step(2));
  const again = new UndoStack('photos', storage);
  expect(again.size).toBe(1);
  expect(again.pop()).toEqual(step(1));
  expect(again.pop()).toBeUndefined();
});

test('collections have steps of their own', () => {
  const storage = memory();
  new UndoStack('photos', storage).push(step(1));
  expect(new UndoStack('other', storage).size).toBe(0);
});

test('what something else left in the storage is no step', () => {
  const storage = memory();
  for (const rubbish of ['{', '7', 'null', '[1, null, {"key": 3}]']) {
    storage.setItem('imagekin.undo.photos', rubbish);
    expect(new UndoStack('photos', storage).pop()).toBeUndefined();
  }
});

test('the oldest steps are forgotten, and no storage is needed', () => {
  const stack = new UndoStack('photos', undefined);
  for (let id = 1; id <= 300; id++) stack.push(step(id));
  expect(stack.size).toBe(200);
  expect(stack.pop()).toEqual(step(300));
});

test('a storage that is full does not hinder', () => {
  const full = {
    getItem: () => null,
    setItem() {
      throw new Error('QuotaExceededError');
    },
  };
  const stack = new UndoStack('photos', full);
  stack.push(step(1));
  expect(stack.pop()).toEqual(step(1));
});

test('nothing is left to take back after files were moved', () => {
  const storage = memory();
  const stack = new UndoStack('photos', storage);
  stack.push(step(1));
  stack.clear();
  expect(new UndoStack('photos', storage).pop()).toBeUndefined();
});
