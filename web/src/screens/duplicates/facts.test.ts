import { expect, test } from 'vitest';
import type { Copy } from './decisions.js';
import { factsOf, pathsApart, roleText } from './facts.js';

const copy = (changes: Partial<Copy>): Copy => ({
  id: 1,
  name: 'a.jpg',
  label: 'cat',
  width: 640,
  height: 480,
  version: 'v',
  path: '/photos/a.jpg',
  role: 'keep',
  bytes: 1000,
  modifiedAt: '2026-01-01T00:00:00.000Z',
  decision: null,
  ...changes,
});
const named = (name: string, images: Copy[]) => factsOf(images).find((fact) => fact.name === name)!;

test('what all copies agree in is told from what they differ in', () => {
  const images = [copy({}), copy({ width: 320, height: 240 })];
  expect(named('Label', images)).toMatchObject({ same: true, ahead: [] });
  expect(named('Size', images)).toMatchObject({
    same: false,
    values: ['640 × 480', '320 × 240'],
    ahead: [0],
  });
});

test('more pixels and more bytes are ahead, a later date is not', () => {
  const images = [
    copy({}),
    copy({ bytes: 4000, modifiedAt: '2026-02-01T00:00:00.000Z' }),
    copy({ bytes: 4000 }),
  ];
  expect(named('File', images).ahead).toEqual([1, 2]);
  expect(named('Changed', images).ahead).toEqual([]);
});

test('what is not known says so', () => {
  const images = [copy({ width: null, bytes: null, modifiedAt: null, label: null, path: '/a/b' })];
  expect(factsOf(images).map(({ values }) => values[0])).toEqual([
    'unknown',
    'unknown',
    'unknown',
    'unknown',
    'none',
  ]);
});

test.each([
  [['/a/b/c.jpg', '/a/b/d.jpg'], '/a/b/', ['c.jpg', 'd.jpg']],
  [['/a/bc/x', '/a/bd/x'], '/a/', ['bc/x', 'bd/x']],
  [['/a/x.jpg', '/a/x.jpg.bak'], '/a/', ['x.jpg', 'x.jpg.bak']],
  [['C:\\p\\x', 'C:\\p\\q\\x'], 'C:\\p\\', ['x', 'q\\x']],
  [['x', 'y'], '', ['x', 'y']],
  [[], '', []],
])('%j have the folder %j in common', (paths, common, rest) => {
  expect(pathsApart(paths)).toEqual({ common, rest });
});

test('how a copy stands to the best one is said in words', () => {
  expect(roleText('keep', 4)).toBe('Best');
  expect(roleText('exact', 4)).toBe('Same bytes');
  expect(roleText('near', 0)).toBe('Same picture');
  expect(roleText('near', 4)).toContain('4 of 64 bits');
});
