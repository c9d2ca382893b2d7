import { expect, test } from 'vitest';
import { DismissedSuspects } from './dismissed-suspects.js';

function memory(values = new Map<string, string>()) {
  return {
    getItem: (key: string) => values.get(key) ?? null,
    setItem: (key: string, value: string) => void values.set(key, value),
  };
}

test('what was dismissed stays so when the page is loaded again', () => {
  const storage = memory();
  new DismissedSuspects('photos', storage).add(7, 'cat');
  const again = new DismissedSuspects('photos', storage);
  expect(again.has(7, 'cat')).toBe(true);
  expect(again.has(8, 'cat')).toBe(false);
  expect(new DismissedSuspects('other', storage).has(7, 'cat')).toBe(false);
});

test('another suggestion for the same image is a new one', () => {
  const dismissed = new DismissedSuspects('photos', undefined);
  dismissed.add(7, 'cat');
  expect(dismissed.has(7, 'dog')).toBe(false);
});

test('it can be taken back', () => {
  const storage = memory();
  const dismissed = new DismissedSuspects('photos', storage);
  dismissed.add(7, 'cat');
  dismissed.remove(7);
  expect(new DismissedSuspects('photos', storage).has(7, 'cat')).toBe(false);
});

test('what something else left in the storage does no harm', () => {
  for (const rubbish of ['{', '{"a":1}', '[[1,2],["x","y"],3]']) {
    const storage = memory(new Map([['imagekin.dismissed.photos', rubbish]]));
    expect(new DismissedSuspects('photos', storage).has(1, 'cat')).toBe(false);
  }
});
