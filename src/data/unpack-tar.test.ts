import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { makeTarGz } from '../../test/fixtures/make-cifar10.js';
import { temporaryDirectory } from '../../test/fixtures/temporary-directory.js';
import { unpackTarGz } from './unpack-tar.js';

const wanted = [
  { entry: 'set/one.bin', file: 'one.bin', maxBytes: 100 },
  { entry: 'set/two.bin', file: '2.bin', maxBytes: 100 },
];
const one = { name: 'set/one.bin', content: Buffer.alloc(100, 1) };
const two = { name: 'set/two.bin', content: Buffer.alloc(7, 2) };

async function unpack(tarGz: Uint8Array): Promise<{ outside: string; inside: string; done: Promise<void> }> {
  const outside = await temporaryDirectory();
  const archive = join(outside, 'archive.tar.gz');
  await writeFile(archive, tarGz);
  const inside = await temporaryDirectory();
  return { outside, inside, done: unpackTarGz(archive, inside, wanted) };
}

describe('unpacking a .tar.gz', () => {
  it('writes the wanted files under the names given, and nothing else', async () => {
    const { inside, done } = await unpack(
      await makeTarGz([
        { name: 'set/', type: 'directory' },
        two,
        { name: 'set/readme.html', content: Buffer.from('hello') },
        one,
      ]),
    );
    await done;
    expect((await readdir(inside)).sort()).toEqual(['2.bin', 'one.bin']);
    expect(await readFile(join(inside, 'one.bin'))).toEqual(one.content);
    expect(await readFile(join(inside, '2.bin'))).toEqual(two.content);
  });

  it('takes the first of two entries of one name', async () => {
    const { inside, done } = await unpack(await makeTarGz([two, one, { ...two, content: Buffer.alloc(3) }]));
    await done;
    expect(await readFile(join(inside, '2.bin'))).toEqual(two.content);
  });

  it.each(['../escaped', 'set/../../escaped', '/tmp/imagekin-escaped', 'set/one.bin/../../../escaped'])(
    'writes nothing for an entry named %s',
    async (name) => {
      const { outside, inside, done } = await unpack(
        await makeTarGz([{ name, content: Buffer.from('out') }, one, two]),
      );
      await done;
      expect((await readdir(inside)).sort()).toEqual(['2.bin', 'one.bin']);
      expect(existsSync(join(inside, '..', 'escaped'))).toBe(false);
      expect(existsSync('/tmp/imagekin-escaped')).toBe(false);
      expect(await readdir(outside)).toEqual(['archive.tar.gz']);
    },
  );

  it.each(['symlink', 'link'] as const)('follows and makes no %s, even of a wanted name', async (type) => {
    const { inside, done } = await unpack(
      await makeTarGz([{ name: 'set/one.bin', type, linkname: '/etc/passwd' }, two]),
    );
    await expect(done).rejects.toMatchObject({
      code: 'source-damaged',
      message: expect.stringContaining('no entry "set/one.bin"'),
    });
    expect(await readdir(inside)).toEqual(['2.bin']);
  });

  it.each([
    [
      'a wanted file that is longer than allowed',
      [{ ...one, content: Buffer.alloc(101) }, two],
      'of 101 bytes',
    ],
    [
      'more of other files than allowed',
      [{ name: 'x', content: Buffer.alloc(1_000_001) }, one, two],
      '"x" of 1000001',
    ],
    ['a missing file', [one], 'no entry "set/two.bin"'],
    ['no entry at all', [], 'no entry "set/one.bin", "set/two.bin"'],
  ])('refuses %s', async (_, entries, says) => {
    const { done } = await unpack(await makeTarGz(entries));
    await expect(done).rejects.toMatchObject({
      code: 'source-damaged',
      message: expect.stringContaining(says),
    });
  });

  it.each([
    ['a truncated archive', async () => (await makeTarGz([one, two])).subarray(0, 60)],
    ['an archive that was cut before it was compressed', async () => gzipSync(Buffer.alloc(700, 'a'))],
    ['bytes that are no gzip', async () => Buffer.from('<html>not found</html>')],
    ['no bytes', async () => Buffer.alloc(0)],
  ])('refuses %s, in one line', async (_, make) => {
    const { done } = await unpack(await make());
    await expect(done).rejects.toMatchObject({
      code: 'source-damaged',
      message: expect.stringMatching(/^[^\n]+: expected a \.tar\.gz with 2 files .+, got [^\n]+; [^\n]+$/),
    });
  });

  it('stops when it is told to', async () => {
    const directory = await temporaryDirectory();
    const archive = join(directory, 'a.tar.gz');
    await writeFile(archive, await makeTarGz([one, two]));
    await expect(
      unpackTarGz(archive, directory, wanted, { signal: AbortSignal.abort(new Error('Ctrl-C')) }),
    ).rejects.toThrow('Ctrl-C');
  });
});
