import { existsSync } from 'node:fs';
import {
  appendFile,
  copyFile,
  mkdir,
  readFile,
  rename,
  rm,
  unlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ImageRecord } from '../../src/collection/catalog/image-record.js';
import { everything } from '../../src/collection/catalog/image-table.js';
import { Collection } from '../../src/collection/collection.js';
import { decodePrint } from '../../src/image/print-bytes.js';
import { makeZip } from '../fixtures/make-zip.js';
import { pictureFolder } from '../fixtures/picture-folder.js';
import { tinyModel, tinyTrained } from '../fixtures/tiny-model.js';
import { CommandLine, errorLine } from './command-line.js';

const cli = new CommandLine();

beforeAll(async () => {
  await pictureFolder(undefined, cli.directory);
  await writeFile(cli.path('model.onnx'), tinyModel());
  await writeFile(cli.path('other.onnx'), tinyModel(tinyTrained(2)));
});

/** All images of a collection by the path of their file, below the directory of these tests. */
function imagesOf(collection: string): Map<string, ImageRecord> {
  return within(collection, ({ catalog }) => {
    const all = [...catalog.images.each(everything)];
    return new Map(all.map((image) => [nameOf(image), image]));
  });
}

function nameOf({ path, entry }: Pick<ImageRecord, 'path' | 'entry'>): string {
  return (entry === '' ? path : `${path}/${entry}`).replace(`${cli.directory}/`, '');
}

function within<Result>(name: string, look: (collection: Collection) => Result): Result {
  const collection = Collection.open(cli.path(name));
  try {
    return look(collection);
  } finally {
    collection.close();
  }
}

/** Every image as far as it does not depend on when and in what order it was added, with its vector. */
function stateOf(collection: string): unknown[] {
  return within(collection, ({ catalog, vectors }) =>
    [...catalog.images.each(everything)]
      .map(({ id, addedAt, source, missingSince, ...facts }) => ({
        ...facts,
        isMissing: missingSince !== null,
        vector: [...vectors.of(Uint32Array.of(id)).vectors].map((value) => value.toFixed(4)),
        hasThumbnail: catalog.previews.thumbnail(id) !== undefined,
      }))
      .sort((a, b) => (a.path + a.entry < b.path + b.entry ? -1 : 1)),
  );
}

const counts = {
  added: 0,
  changed: 0,
  moved: 0,
  copied: 0,
  unchanged: 0,
  failed: 0,
  returned: 0,
  described: 0,
  missing: 0,
  pruned: 0,
  decoded: 0,
};

/** Copies of the pictures in a folder of their own. */
async function photos(name: string): Promise<void> {
  for (const folder of ['amber', 'blue', 'clay']) {
    await mkdir(cli.path(name, folder), { recursive: true });
    for (let i = 0; i < 8; i++)
      await copyFile(cli.path('pictures', folder, `${i}.png`), cli.path(name, folder, `${i}.png`));
  }
}

describe('imagekin add', () => {
  it('makes a collection of a folder, and reads nothing of it again while it stays the same', async () => {
    const result = await cli.json('add', 'a.kin', 'pictures', '--model', 'model.onnx');
    expect(result).toMatchObject({
      ...counts,
      finished: true,
      created: true,
      images: 24,
      added: 24,
      decoded: 24,
      dimension: 4,
      skipped: [],
    });
    const images = imagesOf('a.kin');
    expect(images.get('pictures/blue/3.png')).toMatchObject({
      name: 'blue/3.png',
      label: 'blue',
      width: 24,
      height: 24,
      format: 'png',
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      missingSince: null,
    });
    within('a.kin', ({ catalog, vectors }) => {
      expect(vectors.count()).toBe(24);
      expect(catalog.sources.all()).toMatchObject([
        { spec: cli.path('pictures'), root: cli.path('pictures'), walkedAt: expect.any(String) },
      ]);
      expect([...catalog.previews.prints()].map(({ print }) => decodePrint(print).luma.length)).toEqual(
        Array(24).fill(1024),
      );
    });
    // The model stands in the collection: the one that was given may go.
    const again = await cli.json('add', 'a.kin', 'pictures');
    expect(again).toMatchObject({ ...counts, created: false, images: 24, unchanged: 24 });
  });

  it('embeds an image as embed does', async () => {
    await cli.json('embed', 'model.onnx', 'pictures', '-o', 'v.jsonl');
    const lines = (await readFile(cli.path('v.jsonl'), 'utf8')).trimEnd().split('\n');
    const images = imagesOf('a.kin');
    within('a.kin', ({ vectors }) => {
      for (const line of lines) {
        const { path, embedding } = JSON.parse(line);
        const { id } = images.get(path)!;
        const [...vector] = vectors.of(Uint32Array.of(id)).vectors;
        for (const [i, value] of vector.entries()) expect(value).toBeCloseTo(embedding[i], 5);
      }
    });
  });

  it('recognises renamed, moved, copied, changed and deleted files, and those that come back', async () => {
    await photos('p');
    await cli.json('add', 'b.kin', 'p', '--model', 'model.onnx');
    const before = imagesOf('b.kin');
    await rename(cli.path('p/amber/0.png'), cli.path('p/amber/renamed.png'));
    await rename(cli.path('p/amber/1.png'), cli.path('p/blue/moved.png'));
    await rename(cli.path('p/amber/2.png'), cli.path('p/loose.png'));
    await copyFile(cli.path('p/clay/0.png'), cli.path('p/blue/copy.png'));
    await copyFile(cli.path('pictures/clay/1.png'), cli.path('p/clay/2.png'));
    await sharp({ create: { width: 30, height: 20, channels: 3, background: 'teal' } })
      .png()
      .toFile(cli.path('p/clay/3.png'));
    await utimes(cli.path('p/clay/4.png'), new Date(), new Date(2020, 1, 1));
    await unlink(cli.path('p/clay/5.png'));
    const result = await cli.json('add', 'b.kin', 'p');
    expect(result).toMatchObject({
      ...counts,
      moved: 3,
      copied: 1,
      changed: 2,
      decoded: 2,
      missing: 1,
      unchanged: 18,
      images: 24,
    });
    const after = imagesOf('b.kin');
    const moves = [
      ['p/amber/0.png', 'p/amber/renamed.png', 'amber'],
      ['p/amber/1.png', 'p/blue/moved.png', 'blue'],
      ['p/amber/2.png', 'p/loose.png', null],
    ] as const;
    for (const [from, to, label] of moves) {
      expect(after.has(from)).toBe(false);
      expect(after.get(to)).toMatchObject({ id: before.get(from)!.id, label, missingSince: null });
    }
    expect(after.get('p/blue/copy.png')).toMatchObject({ label: 'blue', width: 24 });
    expect(after.get('p/blue/copy.png')!.id).toBeGreaterThan(24);
    expect(after.get('p/clay/3.png')).toMatchObject({
      id: before.get('p/clay/3.png')!.id,
      width: 30,
      height: 20,
    });
    expect(after.get('p/clay/5.png')!.missingSince).not.toBeNull();
    within('b.kin', ({ vectors, catalog }) => {
      const vectorOf = (name: string) => [...vectors.of(Uint32Array.of(after.get(name)!.id)).vectors];
      expect(vectorOf('p/blue/copy.png')).toEqual(vectorOf('p/clay/0.png'));
      expect(vectorOf('p/clay/5.png')).toEqual([]);
      const thumbnail = (name: string) => catalog.previews.thumbnail(after.get(name)!.id);
      expect(thumbnail('p/blue/copy.png')).toEqual(thumbnail('p/clay/0.png'));
    });

    expect(await cli.json('add', 'b.kin', 'p')).toMatchObject({ ...counts, unchanged: 24 });
    await copyFile(cli.path('pictures/clay/5.png'), cli.path('p/clay/5.png'));
    const back = await cli.json('add', 'b.kin', 'p');
    expect(back).toMatchObject({ ...counts, unchanged: 25, returned: 1, images: 25 });
    expect(imagesOf('b.kin').get('p/clay/5.png')).toMatchObject({
      id: before.get('p/clay/5.png')!.id,
      missingSince: null,
    });
  });

  it('moves an image from one source to another, and prunes what is gone', async () => {
    await mkdir(cli.path('q'));
    await rename(cli.path('p/clay/6.png'), cli.path('q/6.png'));
    await unlink(cli.path('p/clay/7.png'));
    const { id } = imagesOf('b.kin').get('p/clay/6.png')!;
    const result = await cli.json('add', 'b.kin', 'p', 'q', '--prune');
    expect(result).toMatchObject({ ...counts, unchanged: 23, moved: 1, missing: 1, pruned: 1, images: 24 });
    const images = imagesOf('b.kin');
    expect(images.get('q/6.png')).toMatchObject({ id, label: null });
    expect(images.has('p/clay/7.png')).toBe(false);
  });

  it('marks nothing where a source is empty or away as a whole', async () => {
    await rename(cli.path('q'), cli.path('away'));
    const gone = await cli.run('add', 'b.kin', 'q', '--prune');
    expect(gone.code).toBe(1);
    expect(gone.stderr).toMatch(errorLine);
    expect(gone.stderr).toContain('disk');
    await mkdir(cli.path('q'));
    const empty = await cli.run('add', 'b.kin', 'q', '--prune', '--json');
    expect(empty.code).toBe(3);
    expect(JSON.parse(empty.stdout)).toMatchObject({ ...counts, images: 24 });
    await rm(cli.path('q'), { recursive: true });
    await rename(cli.path('away'), cli.path('q'));
    expect(await cli.json('add', 'b.kin', 'q')).toMatchObject({ ...counts, unchanged: 1 });
  });

  it('lists files that cannot be used each time, and tries them again only when they or the user say so', async () => {
    await writeFile(cli.path('q/broken.jpg'), 'no picture');
    const failing = async (...flags: string[]) => {
      const { code, stdout, stderr } = await cli.run('add', 'b.kin', 'q', '--json', ...flags);
      expect(code).toBe(3);
      expect(stderr).toContain('q/broken.jpg');
      return JSON.parse(stdout);
    };
    expect(await failing()).toMatchObject({ ...counts, unchanged: 1, failed: 1, decoded: 1 });
    expect(await failing()).toMatchObject({ ...counts, unchanged: 1, failed: 1, decoded: 0 });
    expect(await failing('--retry-failed')).toMatchObject({ ...counts, unchanged: 1, failed: 1, decoded: 1 });
    within('b.kin', ({ catalog }) => expect(catalog.failures.count()).toBe(1));

    // A picture that is overwritten by something else is in no search until it is whole again.
    await writeFile(cli.path('q/6.png'), 'no picture either');
    expect(await failing()).toMatchObject({ ...counts, failed: 2, decoded: 1, missing: 1, images: 23 });
    await copyFile(cli.path('pictures/clay/6.png'), cli.path('q/6.png'));
    await copyFile(cli.path('pictures/amber/6.png'), cli.path('q/broken.jpg'));
    const mended = await cli.json('add', 'b.kin', 'q');
    expect(mended).toMatchObject({ ...counts, unchanged: 1, returned: 1, copied: 1 });
    within('b.kin', ({ catalog }) => expect(catalog.failures.count()).toBe(0));
  });

  it('takes labels and metadata from a manifest, and facts from the files', async () => {
    const taken = await sharp(cli.path('pictures/blue/0.png'))
      .jpeg()
      .withExif({
        IFD0: { Make: 'Acme', Model: 'One' },
        IFD2: { DateTimeOriginal: '2024:05:06 07:08:09' },
      })
      .toBuffer();
    await mkdir(cli.path('m'));
    await writeFile(cli.path('m/taken.jpg'), taken);
    await writeFile(cli.path('m/list.csv'), 'path,label,split,stars\ntaken.jpg,sea,test,4\n');
    await cli.json('add', 'm.kin', 'm/list.csv', '--model', 'model.onnx');
    expect(imagesOf('m.kin').get('m/taken.jpg')).toMatchObject({
      label: 'sea',
      split: 'test',
      metadata: { takenAt: '2024-05-06T07:08:09', camera: 'Acme One', stars: '4' },
    });
    await writeFile(cli.path('m/list.csv'), 'path,label,camera\ntaken.jpg,lake,Box\n');
    expect(await cli.json('add', 'm.kin', 'm/list.csv')).toMatchObject({
      ...counts,
      unchanged: 1,
      described: 1,
    });
    const expected = {
      label: 'lake',
      split: 'test',
      metadata: { takenAt: '2024-05-06T07:08:09', camera: 'Box', stars: '4' },
    };
    expect(imagesOf('m.kin').get('m/taken.jpg')).toMatchObject(expected);
    // The folder says less of it than the manifest, and takes nothing away.
    expect(await cli.json('add', 'm.kin', 'm')).toMatchObject({ ...counts, unchanged: 1 });
    expect(imagesOf('m.kin').get('m/taken.jpg')).toMatchObject(expected);
  });

  it('reads archives where they lie, and finds their images when the archive is written anew', async () => {
    const picture = (name: string) => readFile(cli.path('pictures', name));
    const one = { name: 'x/1.png', bytes: await picture('amber/1.png') };
    const two = { name: 'x/2.png', bytes: await picture('amber/2.png') };
    const three = { name: 'y/3.png', bytes: await picture('amber/3.png') };
    await writeFile(cli.path('z.zip'), makeZip([one, two, three]));
    expect(await cli.json('add', 'z.kin', 'z.zip', '--model', 'model.onnx')).toMatchObject({ added: 3 });
    expect(await cli.json('add', 'z.kin', 'z.zip')).toMatchObject({ ...counts, unchanged: 3 });
    await writeFile(cli.path('z.zip'), makeZip([three, { ...one, deflate: true }]));
    const result = await cli.json('add', 'z.kin', 'z.zip');
    expect(result).toMatchObject({ ...counts, unchanged: 2, missing: 1, images: 2 });
    const { archived } = imagesOf('z.kin').get('z.zip/x/1.png')!;
    expect(JSON.parse(archived!)).toMatchObject({ compression: 'deflate' });
  });

  it('takes images that are no files, whatever part of their source they come by', async () => {
    const header = (magic: number, ...sizes: number[]) => {
      const bytes = Buffer.alloc(4 * (1 + sizes.length));
      [magic, ...sizes].forEach((value, i) => void bytes.writeUInt32BE(value, 4 * i));
      return bytes;
    };
    const pixels = Buffer.from(Array.from({ length: 3 * 28 * 28 }, (_, i) => (i * i) % 251));
    await mkdir(cli.path('digits'));
    for (const set of ['train', 't10k']) {
      await writeFile(
        cli.path('digits', `${set}-images-idx3-ubyte`),
        Buffer.concat([header(0x803, 3, 28, 28), pixels]),
      );
      await writeFile(
        cli.path('digits', `${set}-labels-idx1-ubyte`),
        Buffer.concat([header(0x801, 3), Buffer.of(7, 2, 1)]),
      );
    }
    const result = await cli.json('add', 'd.kin', 'digits:test', '--model', 'model.onnx');
    expect(result).toMatchObject({ added: 3, images: 3 });
    expect(await cli.json('add', 'd.kin', 'digits')).toMatchObject({ added: 3, unchanged: 3, images: 6 });
    within('d.kin', ({ catalog }) => {
      for (const { id } of catalog.images.each()) expect(catalog.previews.thumbnail(id)).toBeDefined();
    });
  });

  it('says what is wrong with the command line, and leaves no collection behind', async () => {
    const noModel = await cli.run('add', 'n.kin', 'pictures');
    expect(noModel.code).toBe(2);
    expect(noModel.stderr).toMatch(errorLine);
    expect(noModel.stderr).toContain('--model');
    const typo = await cli.run('add', 'n.kin', 'pictrues', '--model', 'model.onnx');
    expect(typo.code).toBe(2);
    expect(existsSync(cli.path('n.kin'))).toBe(false);
    const other = await cli.run('add', 'a.kin', 'pictures', '--model', 'other.onnx');
    expect(other.code).toBe(1);
    expect(other.stderr).toMatch(errorLine);
    expect(other.stderr).toContain('imagekin reindex a.kin --model other.onnx');
    expect(await cli.json('add', 'a.kin', 'pictures', '--model', 'model.onnx')).toMatchObject({
      unchanged: 24,
    });
    const occupied = await cli.run('add', 'pictures', 'pictures', '--model', 'model.onnx');
    expect(occupied.stderr).toMatch(/name another folder for the collection/);
  });
});

describe('two processes and crashes', () => {
  /** Many pictures, no two alike in their bytes. */
  const many = 400;

  beforeAll(async () => {
    await mkdir(cli.path('many'));
    const names = ['amber', 'blue', 'clay'].flatMap((c) => [...Array(8).keys()].map((i) => `${c}/${i}.png`));
    for (let i = 0; i < many; i++) {
      const file = cli.path('many', `${i}.png`);
      await copyFile(cli.path('pictures', names[i % names.length]!), file);
      // Decoders do not read what stands behind the end of a PNG.
      await appendFile(file, `${i}`);
    }
    await cli.json('add', 'alone.kin', 'many', 'pictures', '--model', 'model.onnx');
  });

  it('come to what one process comes to', async () => {
    const outcomes = await Promise.all([
      cli.run('add', 'two.kin', 'many', 'pictures', '--model', 'model.onnx', '--json'),
      cli.run('add', 'two.kin', 'pictures', 'many', '--model', 'model.onnx', '--json'),
    ]);
    for (const { code, stderr } of outcomes) expect(code, stderr).toBe(0);
    expect(stateOf('two.kin')).toEqual(stateOf('alone.kin'));
  });

  it('goes on after kills where it was, with what it has told of', async () => {
    let kept = 0;
    for (let kill = 0; kill < 3; kill++) {
      const { child, ended } = cli.start('add', 'killed.kin', 'many', 'pictures', '--model', 'model.onnx');
      while (countOf('killed.kin') <= kept && child.exitCode === null) await wait(5);
      child.kill('SIGKILL');
      await ended;
      const now = countOf('killed.kin');
      expect(now).toBeGreaterThanOrEqual(kept);
      kept = now;
    }
    expect(kept).toBeGreaterThan(0);
    const { unchanged, added } = await cli.json(
      'add',
      'killed.kin',
      'many',
      'pictures',
      '--model',
      'model.onnx',
    );
    expect(unchanged).toBe(kept);
    expect(added).toBe(many + 24 - kept);
    expect(stateOf('killed.kin')).toEqual(stateOf('alone.kin'));
  });

  it('stops at Ctrl-C and says how to go on', async () => {
    const { child, ended } = cli.start('add', 'stopped.kin', 'many', '--model', 'model.onnx');
    while (countOf('stopped.kin') === 0 && child.exitCode === null) await wait(5);
    child.kill('SIGINT');
    const { code, stderr } = await ended;
    // It may have been done just before.
    if (code === 0) return;
    expect(code).toBe(130);
    expect(stderr).toContain('go on with: imagekin add stopped.kin many --model model.onnx\n');
    const kept = countOf('stopped.kin');
    expect(await cli.json('add', 'stopped.kin', 'many')).toMatchObject({ unchanged: kept, images: many });
  });

  function countOf(name: string): number {
    if (!existsSync(cli.path(name, 'catalog.sqlite'))) return 0;
    return within(name, ({ catalog }) => catalog.images.count());
  }
});
