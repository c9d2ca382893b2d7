import { expect, test } from 'vitest';
import {
  partOfFile,
  partOfId,
  type QueryPart,
  queryCodec,
  readId,
  replacePart,
  requestOf,
  withPart,
} from './query.js';

const hash = '0123456789abcdef';

test('a query comes out of an address as it was written into it', () => {
  const query: QueryPart[] = [
    partOfId(12),
    { ...partOfId(45, true), weight: 0.75 },
    { ...partOfFile(hash), crop: { x: 0.1, y: 0.25, width: 0.9, height: 0.5 } },
  ];
  const written = queryCodec.write(query);
  expect(written).toBe(`12~-45*0.75~f${hash}@1000.2500.9000.5000`);
  expect(queryCodec.read(written)).toEqual(query);
});

test('a crop never reaches over the edge of its image, however it is rounded', () => {
  const third = 1 / 3;
  const crop = { x: 2 * third, y: 0.00004, width: third, height: 0.99996 };
  const [part] = queryCodec.read(queryCodec.write([{ ...partOfId(1), crop }]));
  expect(part!.crop!.x + part!.crop!.width).toBeLessThanOrEqual(1);
  expect(part!.crop!.y + part!.crop!.height).toBeLessThanOrEqual(1);
});

test('what cannot be read in an address is left out', () => {
  expect(queryCodec.read(`0~x~~-7~99999999999~f12~5@0.0.20000.10`)).toEqual([
    partOfId(7, true),
    { ...partOfId(5), crop: undefined },
  ]);
  expect(queryCodec.read(null)).toEqual([]);
  expect(queryCodec.write([])).toBeNull();
});

test('an image that is in the query already changes its side and is not there twice', () => {
  const query = withPart(withPart([], partOfId(1)), partOfId(2));
  expect(withPart(query, partOfId(1, true))).toEqual([partOfId(1, true), partOfId(2)]);
});

test('a query holds no more images than the server takes', () => {
  let query: readonly QueryPart[] = [];
  for (let id = 1; id <= 20; id++) query = withPart(query, partOfId(id));
  expect(query.map(({ image }) => 'id' in image && image.id)).toEqual(
    Array.from({ length: 16 }, (_, at) => at + 5),
  );
});

test('parts are changed and taken out by their place', () => {
  const query = [partOfId(1), partOfId(2)];
  expect(replacePart(query, 1, { weight: 2 })).toEqual([partOfId(1), { ...partOfId(2), weight: 2 }]);
  expect(replacePart(query, 0, undefined)).toEqual([partOfId(2)]);
});

test('the server is asked with both sides, and not at all when nothing is to be alike', () => {
  const query = [{ ...partOfId(1), weight: 2 }, partOfId(2, true), partOfFile(hash)];
  expect(requestOf(query, { k: 10 })).toEqual({
    like: [{ id: 1, weight: 2 }, { file: hash }],
    unlike: [{ id: 2 }],
    k: 10,
  });
  expect(requestOf([partOfId(2, true)], {})).toBeUndefined();
});

test('ids are read as people write them', () => {
  expect(readId(' #12 ')).toBe(12);
  expect(readId('12')).toBe(12);
  for (const text of ['', '0', '12a', '-3', '99999999999']) expect(readId(text)).toBeUndefined();
});
