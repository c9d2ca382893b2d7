import fc from 'fast-check';
import { expect, test } from 'vitest';
import { labelList, numberList } from './map-params.js';

test('labels of any letters are read back as they were written', () => {
  const label = fc.option(fc.string({ minLength: 1 }), { nil: null });
  fc.assert(
    fc.property(fc.array(label, { maxLength: 6 }), (labels) => {
      expect(labelList.read(labelList.write(labels))).toEqual(labels);
    }),
  );
});

test('a label that is a dash is not having none', () => {
  expect(labelList.write(['-', null])).toBe('-,\\-');
  expect(labelList.read('-,\\-')).toEqual(['-', null]);
});

test('numbers are read once each, and what is none is left out', () => {
  expect(numberList.read('3,1,x,3,-2,,1e9,4000000000')).toEqual([3, 1, 4_000_000_000]);
  expect(numberList.write([])).toBeNull();
  expect(numberList.read(null)).toEqual([]);
});
