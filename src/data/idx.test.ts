import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { keepsLabelledImagesContract } from '../../test/contracts/labelled-images.js';
import { temporaryDirectory } from '../../test/fixtures/temporary-directory.js';
import type { LabelledImages } from './labelled-images.js';
import { openImages } from './source.js';

const [rows, columns] = [4, 3];

function idx(dimensions: readonly number[], values: Uint8Array): Buffer {
  const header = Buffer.alloc(4 + 4 * dimensions.length);
  header.writeUInt32BE(0x800 + dimensions.length);
  for (const [i, length] of dimensions.entries()) header.writeUInt32BE(length, 4 + 4 * i);
  return Buffer.concat([header, values]);
}

/** Image i has the values i, i + 1, …; its label is i mod 3. */
const images = (count: number) =>
  idx(
    [count, rows, columns],
    Uint8Array.from({ length: count * rows * columns }, (_, i) => (i % 12) + Math.floor(i / 12)),
  );
const labels = (count: number) =>
  idx(
    [count],
    Uint8Array.from({ length: count }, (_, i) => i % 3),
  );

async function mnist({ packed = false } = {}): Promise<string> {
  const directory = join(await temporaryDirectory(), 'mnist');
  await mkdir(directory);
  const write = (name: string, bytes: Buffer) =>
    writeFile(join(directory, packed ? `${name}.gz` : name), packed ? gzipSync(bytes) : bytes);
  await write('train-images-idx3-ubyte', images(30));
  await write('train-labels-idx1-ubyte', labels(30));
  await write('t10k-images-idx3-ubyte', images(10));
  await write('t10k-labels-idx1-ubyte', labels(10));
  return directory;
}

const idsOf = (opened: LabelledImages) => Array.from({ length: opened.length }, (_, i) => opened.id(i));

describe.each([{ packed: false }, { packed: true }])('a folder of IDX files, gzipped: $packed', (form) => {
  keepsLabelledImagesContract(async () => openImages(`${await mnist(form)}:test`));

  it('has both halves, grey as RGB, and classes called by their numbers', async () => {
    const directory = await mnist(form);
    const [train, test, all] = [
      await openImages(`${directory}:train`),
      await openImages(`${directory}:test`),
      await openImages(directory),
    ];
    expect([train.length, test.length, all.length]).toEqual([30, 10, 40]);
    expect(all.classNames).toEqual(['0', '1', '2']);
    expect([...test.labels]).toEqual([0, 1, 2, 0, 1, 2, 0, 1, 2, 0]);
    expect([all.id(0), all.id(29), all.id(30), test.id(9)]).toEqual([
      'train/00000',
      'train/00029',
      'test/00000',
      'test/00009',
    ]);
    expect(all.nativeSize).toEqual({ width: columns, height: rows });
    const pixels = await all.pixels([31], { width: columns, height: rows });
    expect([...pixels]).toEqual(Array.from({ length: 12 }, (_, i) => [i + 1, i + 1, i + 1]).flat());
  });
});

describe('one images file', () => {
  it('is opened with the labels beside it, and a fifth of each class is for testing', async () => {
    const directory = await mnist();
    const file = join(directory, 'train-images-idx3-ubyte');
    const [train, test, all] = [
      await openImages(`${file}:train`),
      await openImages(`${file}:test`),
      await openImages(file),
    ];
    expect([train.length, test.length, all.length]).toEqual([24, 6, 30]);
    expect([...idsOf(train), ...idsOf(test)].sort()).toEqual(idsOf(all));
  });

  it('may be called as others call it', async () => {
    const directory = await temporaryDirectory();
    await writeFile(join(directory, 'emnist-letters-test-images.idx3-ubyte'), images(5));
    await writeFile(join(directory, 'emnist-letters-test-labels.idx1-ubyte.gz'), gzipSync(labels(5)));
    expect(await openImages(join(directory, 'emnist-letters-test-images.idx3-ubyte'))).toHaveLength(5);
  });
});

describe('IDX files that are damaged', () => {
  const file = 't10k-images-idx3-ubyte';

  it.each<[string, (bytes: Buffer) => Buffer, string]>([
    ['another magic number', (b) => Buffer.concat([Buffer.from([0, 0, 9, 3]), b.subarray(4)]), '0x00000903'],
    ['too few values', (b) => b.subarray(0, b.length - 1), '119 values, where its header says 10×4×3'],
    ['too many values', (b) => Buffer.concat([b, Buffer.from([0])]), 'more values than its 10×4×3'],
    ['a cut header', (b) => b.subarray(0, 9), 'got 9 bytes'],
    ['nothing', (b) => b.subarray(0, 0), 'got 0 bytes'],
    [
      'other numbers than labels',
      () => images(9),
      'expected as many images as there are labels beside it, 10, got 9',
    ],
    [
      'sizes that no memory could hold',
      (b) => Buffer.concat([b.subarray(0, 4), Buffer.alloc(12, 0xff), b.subarray(16)]),
      'in fewer bytes',
    ],
  ])('by %s are told of', async (_, damage, says) => {
    const directory = await mnist();
    await writeFile(join(directory, file), damage(await readFile(join(directory, file))));
    await expect(openImages(`${directory}:test`)).rejects.toMatchObject({
      code: 'source-damaged',
      message: expect.stringContaining(says),
    });
  });

  it('by a cut gzip stream are told of', async () => {
    const directory = await mnist({ packed: true });
    const path = join(directory, `${file}.gz`);
    await writeFile(path, (await readFile(path)).subarray(0, 40));
    await expect(openImages(`${directory}:test`)).rejects.toMatchObject({ code: 'source-damaged' });
  });

  it('by missing labels are told of, with the name that they should have', async () => {
    const directory = await mnist();
    await rm(join(directory, 't10k-labels-idx1-ubyte'));
    await expect(openImages(directory)).rejects.toMatchObject({
      code: 'source-missing',
      message: expect.stringContaining('its labels beside it, in t10k-labels-idx1-ubyte or'),
    });
  });
});
