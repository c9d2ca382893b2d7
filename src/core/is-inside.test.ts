import { join, parse, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { isInside } from './is-inside.js';

const folder = resolve('photos');
const { root } = parse(folder);

it('holds of what lies in a folder, however deep, and not of the folder itself', () => {
  expect(isInside(join(folder, 'a.jpg'), folder)).toBe(true);
  expect(isInside(join(folder, 'cats', 'a.jpg'), folder)).toBe(true);
  expect(isInside(folder, folder)).toBe(false);
});

it('does not hold of a folder whose name only begins alike', () => {
  expect(isInside(join(`${folder}-2`, 'a.jpg'), folder)).toBe(false);
});

it('holds of everything where the folder is the root', () => {
  expect(isInside(folder, root)).toBe(true);
});
