import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { listed, writeImages } from '../../test/fixtures/image-files.js';
import { makeZip } from '../../test/fixtures/make-zip.js';
import { temporaryDirectory } from '../../test/fixtures/temporary-directory.js';
import { manifestSource } from '../data/listings/manifest-source.js';
import { manifestText, type WrittenImage } from '../data/listings/write-manifest.js';
import { openImages } from '../data/source.js';
import { type SplitDataOptions, splitData } from './split-data.js';

const shoes = ['boots', 'clogs', 'shoes/sandals'].flatMap((label) =>
  Array.from({ length: 10 }, (_, i) => `${label}/${i}.png`),
);

async function folder() {
  const directory = await temporaryDirectory();
  await writeImages(join(directory, 'shoes'), shoes);
  return { directory, source: join(directory, 'shoes'), home: join(directory, 'home') };
}

async function patients() {
  const directory = await temporaryDirectory();
  const rows = Array.from(
    { length: 40 },
    (_, i) => `scans/${i}.png,${i % 2 ? 'ill' : 'well'},p${i % 8},${i}`,
  );
  const source = join(directory, 'scans.csv');
  await writeFile(source, ['path,label,patient,age', ...rows].join('\n'));
  return { directory, source };
}

async function imagesIn(manifest: string) {
  return (await listed(manifestSource(manifest))).images;
}

describe('a split that is written down', () => {
  it('is a manifest beside which the images are found, the halves of which are those drawn from the folder', async () => {
    const { directory, source, home } = await folder();
    const out = join(directory, 'lists', 'shoes.csv');
    const result = await splitData({ source, out });
    expect(result).toEqual({
      source,
      manifest: out,
      by: 'ratio',
      groupColumn: null,
      test: 0.2,
      val: 0,
      seed: 0,
      images: 30,
      unlabelled: 0,
      splits: {
        train: { images: 24, classes: 3 },
        val: { images: 0, classes: 0 },
        test: { images: 6, classes: 3 },
      },
      skipped: [],
    });
    const lines = (await readFile(out, 'utf8')).split('\r\n');
    expect(lines[0]).toBe('path,label,split,id');
    expect(lines[30]).toMatch(
      /^\.\.\/shoes\/shoes\/sandals\/9\.png,shoes\/sandals,(train|test),shoes\/sandals\/9\.png$/,
    );
    for (const split of ['train', 'test']) {
      const [drawn, written] = [
        await openImages(`${source}:${split}`, { home }),
        await openImages(`${out}:${split}`, { home }),
      ];
      expect(written.fingerprint).toBe(drawn.fingerprint);
    }
    expect(await readdir(source)).toEqual(['boots', 'clogs', 'shoes']);
  });

  it('has validation images, in JSON Lines as well, and splits again as before', async () => {
    const { directory, source } = await folder();
    const [first, second] = [join(directory, 'a.jsonl'), join(directory, 'b.jsonl')];
    const result = await splitData({ source, out: first, test: 0.3, val: 0.2, seed: 5 });
    expect(Object.values(result.splits).map(({ images }) => images)).toEqual([15, 6, 9]);
    await splitData({ source: first, out: second, test: 0.3, val: 0.2, seed: 5 });
    expect(await imagesIn(second)).toEqual(await imagesIn(first));
    await splitData({ source, out: second, test: 0.3, val: 0.2, seed: 6 });
    expect(await imagesIn(second)).not.toEqual(await imagesIn(first));
  });

  it('leaves the others where they are when images come or go', async () => {
    const { directory, source } = await folder();
    const out = join(directory, 'a.csv');
    const splits = async () => {
      await splitData({ source, out, val: 0.2 });
      return new Map((await imagesIn(out)).map(({ id, split }) => [id, split]));
    };
    const before = await splits();
    await rm(join(source, 'boots/3.png'));
    await writeImages(source, ['clogs/new.png']);
    const after = await splits();
    const moved = [...before].filter(([id, split]) => after.has(id) && after.get(id) !== split);
    expect(moved.length).toBeLessThanOrEqual(4);
    expect([...after.keys()].filter((id) => !before.has(id))).toEqual(['clogs/new.png']);
  });

  it('parts classes', async () => {
    const { directory, source } = await folder();
    const out = join(directory, 'a.csv');
    const { splits } = await splitData({ source, out, by: 'class', test: 0.3 });
    expect(splits).toMatchObject({ train: { images: 20, classes: 2 }, test: { images: 10, classes: 1 } });
  });

  it('parts groups by a column, and keeps all columns', async () => {
    const { directory, source } = await patients();
    const out = join(directory, 'splits.csv');
    const { by, groupColumn, splits } = await splitData({ source, out, groupColumn: 'patient', val: 0.2 });
    expect([by, groupColumn]).toEqual(['group', 'patient']);
    expect(splits).toEqual({
      train: { images: 20, classes: 2, groups: 4 },
      val: { images: 10, classes: 2, groups: 2 },
      test: { images: 10, classes: 2, groups: 2 },
    });
    const images = await imagesIn(out);
    const sides = new Set(images.map(({ metadata, split }) => `${metadata!.patient} ${split}`));
    expect(sides.size).toBe(8);
    expect(images[3]!.metadata).toEqual({ patient: 'p3', age: '3' });
  });

  it('leaves out what it cannot place, and says so', async () => {
    const directory = await temporaryDirectory();
    const [source, out] = [join(directory, 'm.csv'), join(directory, 'out.csv')];
    await writeFile(source, 'path,label\na.jpg,x\nb.jpg,y\nc.jpg,\n,z\n');
    const { images, unlabelled, skipped } = await splitData({ source, out, by: 'class', test: 0.5 });
    expect([images, unlabelled]).toEqual([2, 1]);
    expect(skipped).toEqual([
      { path: 'c.jpg', reason: 'no label to split by' },
      { path: `${source}:5`, reason: 'no path' },
    ]);
    expect((await splitData({ source, out })).images).toBe(3);
  });
});

describe('a split that cannot be', () => {
  it.each<[string, Partial<SplitDataOptions>, string]>([
    [
      'without a manifest to write',
      { out: 'splits.txt' },
      'expected a manifest to write, .csv, .tsv or .jsonl, got ".txt"',
    ],
    ['with nothing left to train on', { test: 0.6, val: 0.4 }, 'leave something to train on'],
    ['that parts nothing', { test: 0 }, 'got 0 and 0'],
    ['of pixels without files', { source: 'emoji' }, 'expected image files on disk'],
    [
      'by a column that is not there',
      { groupColumn: 'hospital' },
      'a column "hospital" .*, got the columns patient, age;',
    ],
    ['by groups without any', { by: 'group' }, 'a column "group" .*, got the columns patient, age;'],
  ])('%s is an error, and writes nothing', async (_, options, says) => {
    const { directory, source } = await patients();
    const out = join(directory, options.out ?? 'out.csv');
    await expect(splitData({ source, ...options, out })).rejects.toMatchObject({
      code: 'wrong-usage',
      message: expect.stringMatching(says),
    });
    expect(await readdir(directory)).toEqual(['scans.csv']);
  });

  it('is one of an archive', async () => {
    const directory = await temporaryDirectory();
    const source = join(directory, 'a.zip');
    await writeFile(source, makeZip([{ name: 'a/1.png', bytes: Buffer.from('x') }]));
    await expect(splitData({ source, out: join(directory, 'a.csv') })).rejects.toThrow(
      'got files in an archive; unpack them',
    );
  });

  it('is one of nothing', async () => {
    const directory = await temporaryDirectory();
    await mkdir(join(directory, 'none'));
    await expect(
      splitData({ source: join(directory, 'none'), out: join(directory, 'a.csv') }),
    ).rejects.toMatchObject({ code: 'empty-source' });
  });
});

describe('a manifest that is written', () => {
  const name = fc
    .string({ unit: 'grapheme', minLength: 1 })
    .filter((text) => !/^[\s\ufeff]|\0|\s$|^\.*$|[/\\]/.test(text));
  const images = fc.uniqueArray(
    fc.record(
      {
        file: name,
        id: name,
        label: name,
        split: fc.constantFrom('train' as const, 'val' as const, 'test' as const),
        group: name,
        metadata: fc.record({ note: name, 'say "; so",\tor': name }),
      },
      { requiredKeys: ['file', 'id', 'metadata'] },
    ),
    { selector: ({ id }) => id, minLength: 1 },
  );

  it.each(['a.csv', 'a.tsv', 'a.jsonl'])(
    'into %s is read back as it was, whatever the names are',
    async (file) => {
      const directory = await temporaryDirectory();
      const path = join(directory, file);
      await fc.assert(
        fc.asyncProperty(images, async (rows) => {
          const written: WrittenImage[] = rows.map(({ file: picture, ...image }) => ({
            ...image,
            location: join(directory, 'p', picture),
          }));
          await writeFile(path, manifestText(path, written));
          expect(await listed(manifestSource(path))).toEqual({ images: written, skipped: [] });
        }),
        { numRuns: 60 },
      );
    },
  );
});
