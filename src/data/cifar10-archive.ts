import { createHash } from 'node:crypto';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ImagekinError } from '../core/errors.js';
import type { Size } from '../image/image.js';
import { InMemoryImages } from './in-memory-images.js';
import type { Split } from './split.js';

/**
 * The binary version of CIFAR-10 (Krizhevsky 2009): six files of 10,000 records, a record being one label byte and
 * the red, green and blue planes of a 32×32 image; class names, one a line, in `batches.meta.txt`.
 */
export const cifar10Directory = 'cifar-10-batches-bin';
export const cifar10ClassFile = 'batches.meta.txt';
export const cifar10BatchFiles = {
  train: ['data_batch_1.bin', 'data_batch_2.bin', 'data_batch_3.bin', 'data_batch_4.bin', 'data_batch_5.bin'],
  test: ['test_batch.bin'],
} as const;
export const cifar10RecordsPerBatch = 10_000;

const imageSize: Size = { width: 32, height: 32 };
const planeLength = imageSize.width * imageSize.height;
const imageLength = 3 * planeLength;
export const cifar10RecordLength = 1 + imageLength;
const classCount = 10;

/**
 * Reads one split of the archive unpacked in `directory` into memory; the files of the other split are not touched.
 * @param recordsPerBatch Tests make do with smaller files.
 * @throws ImagekinError `source-damaged`: a missing file, another length, a label that is no class
 */
export async function readCifar10(
  directory: string,
  split: Exclude<Split, 'val'>,
  recordsPerBatch = cifar10RecordsPerBatch,
): Promise<InMemoryImages> {
  const parts = split === 'all' ? (['train', 'test'] as const) : [split];
  const classNames = await readClassNames(join(directory, cifar10ClassFile));
  const files = parts.flatMap((part) => cifar10BatchFiles[part]);
  const count = files.length * recordsPerBatch;
  const labels = new Int32Array(count);
  const data = new Uint8Array(count * imageLength);
  const fingerprint = createHash('sha256').update(classNames.join('\n'));
  for (const [index, file] of files.entries()) {
    const path = join(directory, file);
    const batch = await readBatch(path, recordsPerBatch);
    fingerprint.update(batch);
    unpackBatch(path, batch, labels, data, index * recordsPerBatch);
  }
  const firstTest = split === 'test' ? 0 : cifar10BatchFiles.train.length * recordsPerBatch;
  return new InMemoryImages({
    name: `cifar10:${split}`,
    classNames,
    labels,
    data,
    nativeSize: imageSize,
    fingerprint: fingerprint.digest('hex'),
    id: (index) =>
      index < firstTest || split === 'train'
        ? `train/${String(index).padStart(5, '0')}`
        : `test/${String(index - firstTest).padStart(5, '0')}`,
  });
}

async function readClassNames(path: string): Promise<string[]> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw damaged(path, `${classCount} class names, one a line`, reasonUnread(cause), cause);
  });
  const names = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  if (names.length !== classCount || new Set(names).size !== classCount)
    throw damaged(path, `${classCount} different class names, one a line`, `${new Set(names).size}`);
  return names;
}

async function readBatch(path: string, records: number): Promise<Uint8Array> {
  const expected = `${records * cifar10RecordLength} bytes (${records} records of ${cifar10RecordLength})`;
  const file = await open(path).catch((cause: unknown) => {
    throw damaged(path, expected, reasonUnread(cause), cause);
  });
  try {
    const { size } = await file.stat();
    if (size !== records * cifar10RecordLength) throw damaged(path, expected, `${size} bytes`);
    return await file.readFile();
  } finally {
    await file.close();
  }
}

/** Copies the records of one file behind image `first`, planes interleaved. */
function unpackBatch(
  path: string,
  batch: Uint8Array,
  labels: Int32Array,
  data: Uint8Array,
  first: number,
): void {
  const records = batch.length / cifar10RecordLength;
  for (let i = 0; i < records; i++) {
    const record = i * cifar10RecordLength;
    const label = batch[record]!;
    if (label >= classCount)
      throw damaged(path, `a label of 0 to ${classCount - 1} in record ${i}`, String(label));
    labels[first + i] = label;
    let out = (first + i) * imageLength;
    for (let red = record + 1; red < record + 1 + planeLength; red++) {
      data[out++] = batch[red]!;
      data[out++] = batch[red + planeLength]!;
      data[out++] = batch[red + 2 * planeLength]!;
    }
  }
}

function reasonUnread(cause: unknown): string {
  const { code } = cause as NodeJS.ErrnoException;
  return code === 'ENOENT' ? 'no such file' : `a file that cannot be read (${code})`;
}

function damaged(where: string, expected: string, got: string, cause?: unknown): ImagekinError {
  return new ImagekinError('source-damaged', {
    where,
    expected,
    got,
    fix: `unpack the archive again, or remove the directory to have it downloaded`,
    cause,
  });
}
