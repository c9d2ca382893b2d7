import { expect, test } from 'vitest';
import type { ImageDetails } from '../api.js';
import { detailsOf } from './details-of.js';

test('images are asked for by pages, and stand in their order whichever answer comes first', async () => {
  const asked: number[] = [];
  const read = async (_: string, ids: readonly number[]) => {
    asked.push(ids.length);
    await new Promise((resolve) => setTimeout(resolve, ids[0] === 1 ? 20 : 0));
    // One is gone.
    return ids.filter((id) => id !== 300).map((id) => ({ id }) as ImageDetails);
  };
  const ids = Array.from({ length: 450 }, (_, at) => at + 1);
  const found = await detailsOf('photos', ids, read);
  expect(asked.sort()).toEqual([200, 200, 50]);
  expect(found.map(({ id }) => id)).toEqual(ids.filter((id) => id !== 300));
  expect(await detailsOf('photos', [], read)).toEqual([]);
});
