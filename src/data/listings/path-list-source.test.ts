import { expect, it } from 'vitest';
import { listed } from '../../../test/fixtures/image-files.js';
import { pathListSource } from './path-list-source.js';

const listOf = (text: string) =>
  pathListSource(async function* () {
    yield Buffer.from(text);
  });

it('a list names files by line, and tells of those that it names twice', async () => {
  const { images, skipped } = await listed(listOf('b.png\r\n\n/x/a b.jpg\nb.png\n'));
  expect(images).toEqual([
    { id: 'b.png', location: 'b.png' },
    { id: '/x/a b.jpg', location: '/x/a b.jpg' },
  ]);
  expect(skipped).toEqual([{ path: 'stdin:4', reason: 'b.png, which was listed before' }]);
});

it('a list with NULs may have newlines in its names', async () => {
  const { images } = await listed(listOf('one\ntwo 🎈.png\0three.png'));
  expect(images.map(({ id }) => id)).toEqual(['one\ntwo 🎈.png', 'three.png']);
});

it('a list is handed on while it still comes in', async () => {
  let sent = 0;
  const source = pathListSource(async function* () {
    for (; sent < 100; sent++) yield Buffer.from(`${sent}.png\n`);
  });
  for await (const { id } of source.list(() => {})) {
    expect(sent).toBe(0);
    expect(id).toBe('0.png');
    break;
  }
});

it('a list without an end is told of, not held', async () => {
  const { images, skipped } = await listed(listOf(`${'x'.repeat(70_000)}\na.png\n`));
  expect(images.map(({ id }) => id)).toEqual(['a.png']);
  expect(skipped).toEqual([{ path: 'stdin:1', reason: 'a path of more than 65536 bytes' }]);
});
