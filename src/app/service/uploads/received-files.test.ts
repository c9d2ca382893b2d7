import { readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../../../../test/fixtures/temporary-directory.js';
import { type IncomingBytes, ReceivedFiles } from './received-files.js';

const picture = (background: string) =>
  sharp({ create: { width: 16, height: 16, channels: 3, background } })
    .png()
    .toBuffer();

/** As it comes from the network: in pieces, which may be of one byte. */
function sent(bytes: Uint8Array, pieceBytes = 7): IncomingBytes {
  return {
    async *[Symbol.asyncIterator]() {
      for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
    },
  };
}

async function uploads(): Promise<string> {
  return join(await temporaryDirectory(), 'uploads');
}

describe('ReceivedFiles', () => {
  it('gives files their names when all of them are there, and not before', async () => {
    const folder = await uploads();
    const received = new ReceivedFiles(folder);
    const [red, blue] = [await picture('red'), await picture('blue')];
    await received.take('red.png', sent(red, 1));
    await received.take('blue', sent(blue));
    expect((await readdir(folder)).every((name) => name.startsWith('.'))).toBe(true);
    const { files, skipped } = await received.keep();
    expect(files.map((path) => basename(path))).toEqual(['red.png', 'blue.png']);
    expect(skipped).toEqual([]);
    expect(await readFile(files[0]!)).toEqual(red);
    expect((await readdir(folder)).sort()).toEqual(['blue.png', 'red.png']);
  });

  it('takes the file that is there for one of the same bytes, and names other bytes by what they are', async () => {
    const folder = await uploads();
    const [red, blue] = [await picture('red'), await picture('blue')];
    const send = async (bytes: Buffer) => {
      const received = new ReceivedFiles(folder);
      await received.take('a.png', sent(bytes));
      return (await received.keep()).files;
    };
    const first = await send(red);
    const other = await send(blue);
    expect(await send(red)).toEqual(first);
    expect(await send(blue)).toEqual(other);
    expect(other).not.toEqual(first);
    expect(await readFile(first[0]!)).toEqual(red);
    expect(await readFile(other[0]!)).toEqual(blue);
    expect(await readdir(folder)).toHaveLength(2);
    // Somebody has changed a file there: it is not what was sent.
    await writeFile(first[0]!, 'mine');
    const [again] = await send(red);
    expect(await readFile(again!)).toEqual(red);
    expect(await readFile(first[0]!, 'utf8')).toBe('mine');
  });

  it('does not keep what is no image, and says why', async () => {
    const folder = await uploads();
    const received = new ReceivedFiles(folder);
    await received.take('notes.jpg', sent(Buffer.from('<html>no picture</html>')));
    await received.take('empty.png', sent(new Uint8Array(0)));
    await received.take('huge.png', { ...sent(await picture('red')), truncated: true });
    await received.take('good.png', sent(await picture('red')));
    expect(received.count).toBe(4);
    const { files, skipped } = await received.keep();
    expect(files).toHaveLength(1);
    expect(skipped.map(({ path, reason }) => `${path}: ${reason}`)).toEqual([
      expect.stringMatching(/^notes.jpg: no image: expected JPEG/),
      'empty.png: an empty file',
      expect.stringMatching(/^huge.png: larger than/),
    ]);
    expect(await readdir(folder)).toEqual(['good.png']);
  });

  it('leaves nothing behind of what was cut off', async () => {
    const folder = await uploads();
    const received = new ReceivedFiles(folder);
    await received.take('good.png', sent(await picture('red')));
    const broken: IncomingBytes = {
      // biome-ignore lint/correctness/useYield: it breaks before the first piece
      async *[Symbol.asyncIterator]() {
        throw new Error('the client has gone');
      },
    };
    await expect(received.take('bad.png', broken)).rejects.toThrow('the client has gone');
    await received.discard();
    expect(await readdir(folder)).toEqual([]);
  });
});
