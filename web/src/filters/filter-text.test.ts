import { expect, test } from 'vitest';
import {
  chosenValues,
  conditionsOf,
  joinConditions,
  quoted,
  toggleValue,
  withoutField,
} from './filter-text.js';

test('conditions are told apart by `and`, but not within quotes and brackets', () => {
  expect(conditionsOf('label = cat and (a = 1 and b = 2) AND city = "this and that"')).toEqual([
    'label = cat',
    '(a = 1 and b = 2)',
    'city = "this and that"',
  ]);
  expect(conditionsOf(`name = 'it''s and on' and sand = 1`)).toEqual([`name = 'it''s and on'`, 'sand = 1']);
  expect(conditionsOf('')).toEqual([]);
});

test('a filter with `or` at its top is one condition, and goes into brackets when another is added', () => {
  expect(conditionsOf('width > 9 or height > 9')).toEqual(['width > 9 or height > 9']);
  expect(toggleValue('width > 9 or height > 9', 'label', 'label = cat')).toBe(
    '(width > 9 or height > 9) and label = cat',
  );
});

test('a value that is clicked is added, a second one of the field as an alternative, and taken away again', () => {
  const one = toggleValue('width > 640', 'label', 'label = cat');
  expect(one).toBe('width > 640 and label = cat');
  const two = toggleValue(one, 'label', 'label = "big dog"');
  expect(two).toBe('width > 640 and (label = cat or label = "big dog")');
  expect(chosenValues(two, 'label')).toEqual(['label = cat', 'label = "big dog"']);
  const three = toggleValue(two, 'split', 'split = test');
  expect(three).toBe('width > 640 and (label = cat or label = "big dog") and split = test');
  expect(toggleValue(toggleValue(two, 'label', 'label = cat'), 'label', 'label = "big dog"')).toBe(
    'width > 640',
  );
});

test('two values of the only field are alternatives without brackets, and are known again', () => {
  const two = toggleValue(toggleValue('', 'label', 'label = cat'), 'label', 'missing(label)');
  expect(two).toBe('label = cat or missing(label)');
  expect(chosenValues(two, 'label')).toEqual(['label = cat', 'missing(label)']);
  expect(toggleValue(two, 'label', 'label = cat')).toBe('missing(label)');
});

test('what was written by hand stays as it is', () => {
  expect(chosenValues('label != cat', 'label')).toEqual([]);
  expect(chosenValues('labels = cat', 'label')).toEqual([]);
  expect(toggleValue('label != cat', 'label', 'label = dog')).toBe('label != cat and label = dog');
  expect(chosenValues('label = cat or width > 3', 'label')).toEqual([]);
});

test('the values of a field are counted under all other conditions', () => {
  expect(withoutField('width > 9 and (label = a or label = b)', 'label')).toBe('width > 9');
  expect(withoutField('label = a', 'label')).toBe('');
  expect(withoutField('width > 9', 'label')).toBe('width > 9');
});

test('brackets around the only condition are left away, but not those that belong together by chance', () => {
  expect(joinConditions(['(a = 1 or b = 2)'])).toBe('a = 1 or b = 2');
  expect(joinConditions(['(a = 1) or (b = 2)'])).toBe('(a = 1) or (b = 2)');
  expect(joinConditions([])).toBe('');
});

test('text is quoted so that quotes in it stay', () => {
  expect(quoted('7" disc')).toBe('"7"" disc"');
});
