import { expect, test } from 'vitest';
import { uploadPlan } from './upload-plan.js';

const file = (name: string, size: number) => ({ name, size }) as File;
const plan = (files: File[], limits = { fileBytes: 1e9, files: 3 }) =>
  uploadPlan(files, limits, (bytes) => `${bytes} bytes`);
const names = ({ batches }: ReturnType<typeof plan>) =>
  batches.map(({ files }) => files.map(({ name }) => name).join(''));

test('no request has more files than the server takes, and none is lost', () => {
  const files = [...'abcdefg'].map((name) => file(name, 10));
  expect(names(plan(files))).toEqual(['abc', 'def', 'g']);
  expect(plan(files).batches[0]!.bytes).toBe(30);
});

test('large files are sent a few at a time', () => {
  expect(names(plan([file('a', 150e6), file('b', 100e6), file('c', 90e6)]))).toEqual(['a', 'bc']);
  expect(names(plan([file('a', 900e6), file('b', 10)]))).toEqual(['a', 'b']);
});

test('what the server would refuse is not sent, and it is said why', () => {
  const { batches, refused } = plan([file('big', 11), file('empty', 0), file('fine', 10)], {
    fileBytes: 10,
    files: 3,
  });
  expect(batches.map(({ files }) => files[0]!.name)).toEqual(['fine']);
  expect(refused).toEqual([
    { name: 'big', reason: expect.stringContaining('11 bytes') },
    { name: 'empty', reason: 'it is empty, or a folder' },
  ]);
});

test('of no files there is nothing to send', () => {
  expect(plan([])).toEqual({ batches: [], refused: [] });
});
