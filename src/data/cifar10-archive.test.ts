import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { keepsLabelledImagesContract } from '../../test/contracts/labelled-images.js';
import {
  cifar10ClassNames,
  cifar10Value,
  makeCifar10,
  writeFiles,
} from '../../test/fixtures/make-cifar10.js';
import { temporaryDirectory } from '../../test/fixtures/temporary-directory.js';
import { readCifar10 } from './cifar10-archive.js';

const records = 20;
const native = { width: 32, height: 32 };

async function archive(
  damage: Record<string, (bytes: Buffer) => Uint8Array | undefined> = {},
): Promise<string> {
  const directory = await temporaryDirectory();
  const files = new Map<string, Uint8Array>();
  for (const [name, bytes] of makeCifar10(records)) {
    const left = name in damage ? damage[name]!(bytes) : bytes;
    if (left !== undefined) files.set(name, left);
  }
  await writeFiles(directory, files);
  return directory;
}

describe('the CIFAR-10 binary archive', () => {
  keepsLabelledImagesContract(async () => readCifar10(await archive(), 'test', records));

  it.each([
    { split: 'train', length: 100, first: 'train/00000', last: 'train/00099', batch: 0 },
    { split: 'test', length: 20, first: 'test/00000', last: 'test/00019', batch: 5 },
    { split: 'all', length: 120, first: 'train/00000', last: 'test/00019', batch: 0 },
  ] as const)('gives $length images for $split, named by split and number', async (expected) => {
    const images = await readCifar10(await archive(), expected.split, records);
    expect(images.name).toBe(`cifar10:${expected.split}`);
    expect(images.classNames).toEqual(cifar10ClassNames);
    expect(images).toHaveLength(expected.length);
    expect(images.nativeSize).toEqual(native);
    expect(images.id(0)).toBe(expected.first);
    expect(images.id(expected.length - 1)).toBe(expected.last);
    expect([...images.labels.subarray(0, 12)]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1]);
    const pixels = await images.pixels([13], native);
    for (const [x, y] of [
      [0, 0],
      [31, 0],
      [4, 17],
    ] as const)
      for (let channel = 0; channel < 3; channel++)
        expect(pixels[(y * 32 + x) * 3 + channel]).toBe(cifar10Value(expected.batch, 13, channel, y, x));
  });

  it('takes the train batches in their order', async () => {
    const images = await readCifar10(await archive(), 'train', records);
    const pixels = await images.pixels([19, 20, 99], native);
    expect([pixels[0], pixels[3072], pixels[6144]]).toEqual([
      cifar10Value(0, 19, 0, 0, 0),
      cifar10Value(1, 0, 0, 0, 0),
      cifar10Value(4, 19, 0, 0, 0),
    ]);
  });

  it('reads a split though the files of the other are missing', async () => {
    const directory = await archive({ 'test_batch.bin': () => undefined });
    expect(await readCifar10(directory, 'train', records)).toHaveLength(100);
  });

  it('has another fingerprint when one byte is another', async () => {
    const other = await archive({ 'test_batch.bin': (bytes) => bytes.fill(1, 100, 101) });
    const [one, two] = [
      await readCifar10(await archive(), 'test', records),
      await readCifar10(other, 'test', records),
    ];
    expect(two.fingerprint).not.toBe(one.fingerprint);
  });

  it.each([
    {
      what: 'a truncated batch',
      file: 'data_batch_3.bin',
      damage: (bytes: Buffer) => bytes.subarray(0, 5000),
      says: /data_batch_3\.bin: expected 61460 bytes \(20 records of 3073\), got 5000 bytes; .+/,
    },
    {
      what: 'a batch that is too long',
      file: 'data_batch_5.bin',
      damage: (bytes: Buffer) => Buffer.concat([bytes, Buffer.from([1])]),
      says: /data_batch_5\.bin: expected 61460 bytes .+, got 61461 bytes; /,
    },
    {
      what: 'a missing batch',
      file: 'data_batch_2.bin',
      damage: () => undefined,
      says: /data_batch_2\.bin: expected 61460 bytes .+, got no such file; /,
    },
    {
      what: 'a label that is no class',
      file: 'data_batch_1.bin',
      damage: (bytes: Buffer) => bytes.fill(10, 3073 * 4, 3073 * 4 + 1),
      says: /data_batch_1\.bin: expected a label of 0 to 9 in record 4, got 10; /,
    },
    {
      what: 'nine class names',
      file: 'batches.meta.txt',
      damage: () => Buffer.from(cifar10ClassNames.slice(1).join('\n')),
      says: /batches\.meta\.txt: expected 10 different class names, one a line, got 9; /,
    },
    {
      what: 'eleven class names',
      file: 'batches.meta.txt',
      damage: () => Buffer.from([...cifar10ClassNames, 'eel'].join('\n')),
      says: /batches\.meta\.txt: expected 10 .+, got 11; /,
    },
    {
      what: 'a class named twice',
      file: 'batches.meta.txt',
      damage: () => Buffer.from([...cifar10ClassNames.slice(1), 'truck'].join('\n')),
      says: /batches\.meta\.txt: expected 10 different class names, .+got 9; /,
    },
    {
      what: 'no class names',
      file: 'batches.meta.txt',
      damage: () => undefined,
      says: /batches\.meta\.txt: expected 10 .+, got no such file; /,
    },
  ])('refuses $what with one line that names the file', async ({ file, damage, says }) => {
    const directory = await archive({ [file]: damage });
    await expect(readCifar10(directory, 'all', records)).rejects.toMatchObject({
      code: 'source-damaged',
      message: expect.stringMatching(says),
    });
  });

  it('takes Windows line ends in the class names', async () => {
    const directory = await archive();
    await writeFile(join(directory, 'batches.meta.txt'), `${cifar10ClassNames.join('\r\n')}\r\n`);
    expect((await readCifar10(directory, 'test', records)).classNames).toEqual(cifar10ClassNames);
  });
});
