import { expect, test } from 'vitest';
import type { ImageDetails } from '../api.js';
import { exported } from './export.js';

const image = (id: number, changes: Partial<ImageDetails> = {}): ImageDetails => ({
  id,
  name: `${id}.jpg`,
  label: 'cat',
  width: 4,
  height: 3,
  version: 'v',
  path: `/photos/${id}.jpg`,
  source: './photos',
  split: null,
  bytes: 10,
  format: 'jpeg',
  sha256: null,
  addedAt: '2026-01-01T00:00:00.000Z',
  modifiedAt: null,
  missingSince: null,
  metadata: {},
  edited: false,
  hasOriginal: true,
  hasVector: true,
  ...changes,
});

test('paths stand one a line', () => {
  expect(exported([image(1), image(2)], 'paths')).toBe('/photos/1.jpg\n/photos/2.jpg\n');
});

test('cells with commas, quotes and line breaks are quoted', () => {
  const text = exported([image(1, { label: 'a, "b"\nc' })], 'csv');
  expect(text).toBe(
    'id,path,name,label,split,width,height,format,bytes,sha256\r\n' +
      '1,/photos/1.jpg,1.jpg,"a, ""b""\nc",,4,3,jpeg,10,\r\n',
  );
});

test('scores are told where there are any', () => {
  const scores = new Map([[2, { rank: 1, score: 0.5 }]]);
  const lines = exported([image(1), image(2)], 'csv', scores).split('\r\n');
  expect(lines[0]).toMatch(/,rank,score$/);
  expect(lines[1]).toMatch(/,10,,,$/);
  expect(lines[2]).toMatch(/,10,,1,0.5$/);
  expect(JSON.parse(exported([image(2)], 'json', scores))[0]).toMatchObject({ id: 2, rank: 1, score: 0.5 });
  expect(exported([image(3)], 'csv', scores)).not.toContain('score');
});
