import { expect, test } from 'vitest';
import { flattened } from './flattened.js';

test('keys of keys stand as filters have them, lists in one line, and nothing of nothing', () => {
  expect(
    flattened({ camera: 'Nikon "D70"', gps: { lat: 1.5, at: null }, tags: ['a', 2], odd: [{ x: 1 }] }),
  ).toEqual([
    { key: 'camera', value: 'Nikon "D70"', filter: 'camera = "Nikon ""D70"""' },
    { key: 'gps.lat', value: '1.5', filter: 'gps.lat = 1.5' },
    { key: 'tags', value: 'a, 2', filter: undefined },
    { key: 'odd', value: '{"x":1}', filter: undefined },
  ]);
});

test('keys that a filter would read otherwise lead nowhere', () => {
  expect(flattened({ 'lens model': 'x' })[0]!.filter).toBeUndefined();
});
