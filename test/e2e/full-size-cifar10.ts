import { link, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cifar10ClassNames } from '../fixtures/make-cifar10.js';

const recordsPerBatch = 10_000;
const recordLength = 3073;
const planeLength = 1024;

/**
 * The CIFAR-10 binary archive unpacked, with made-up images: each class has a colour of its own, each image a lightness.
 * All six batches are one file of 30 MB, linked.
 */
export async function writeFullSizeCifar10(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  const batch = Buffer.alloc(recordsPerBatch * recordLength);
  for (let record = 0; record < recordsPerBatch; record++) {
    const label = record % 10;
    const start = record * recordLength;
    batch[start] = label;
    for (let channel = 0; channel < 3; channel++) {
      const plane = start + 1 + channel * planeLength;
      batch.fill((((label * 37) >> channel) % 8) * 24 + (record % 60), plane, plane + planeLength);
    }
  }
  const first = join(directory, 'data_batch_1.bin');
  await writeFile(first, batch);
  for (const number of [2, 3, 4, 5]) await link(first, join(directory, `data_batch_${number}.bin`));
  await link(first, join(directory, 'test_batch.bin'));
  await writeFile(join(directory, 'batches.meta.txt'), `${cifar10ClassNames.join('\n')}\n`);
}
