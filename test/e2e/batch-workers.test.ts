import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { preload } from '../../src/data/preload.js';
import { openImages } from '../../src/data/source.js';
import { selectClasses } from '../../src/data/subset.js';
import type { BatchStream, BatchStreamOptions } from '../../src/learning/batches/batch-stream.js';
import { classBalanced, shuffled } from '../../src/learning/samplers/index.js';
import { temporaryDirectory } from '../fixtures/temporary-directory.js';
import { tinyImages } from '../fixtures/tiny-images.js';
import { tinyRecipe } from '../fixtures/tiny-recipe.js';
import { writeClassFolders } from './write-class-folders.js';

// The built code, as workers cannot be started from TypeScript.
const built = (path: string) => new URL(`../../dist/${path}`, import.meta.url).href;
const { BatchStream: Stream } = (await import(built('learning/batches/batch-stream.js'))) as {
  BatchStream: { open(options: BatchStreamOptions): BatchStream };
};

const images = tinyImages({ classes: 5, perClass: 7 });
const totalSteps = 12;

function open(changes: Partial<BatchStreamOptions> = {}): BatchStream {
  const sampler = shuffled({ batchSize: 16 }).prepare(images, 5);
  return Stream.open({ recipe: tinyRecipe(), images, sampler, seed: 5, totalSteps, ...changes });
}

async function allBatches(changes: Partial<BatchStreamOptions>, firstStep = 0) {
  const stream = open(changes);
  try {
    const batches = [];
    for (let step = firstStep; step < totalSteps; step++) batches.push(await stream.take(step));
    return batches;
  } finally {
    await stream.close();
  }
}

/** Keeps this thread busy, as a step does, and expects a batch to be there after it. */
async function expectReady(stream: BatchStream, step: number): Promise<void> {
  const wait = new Int32Array(new SharedArrayBuffer(4));
  Atomics.wait(wait, 0, 0, 500);
  // Nothing but what has come already is looked at: one turn of the event loop.
  const next = stream.take(step);
  const late = new Promise((resolve) => setImmediate(() => setImmediate(() => resolve('late'))));
  expect(await Promise.race([next, late])).toHaveProperty('input');
  await stream.close();
}

async function classFolders(): Promise<string> {
  const directory = await temporaryDirectory();
  await writeClassFolders(directory, 4);
  return directory;
}

describe('batches', () => {
  it.each([
    ['every kind of augmentation', tinyRecipe()],
    ['flips that alternate', tinyRecipe({ augmentation: { horizontalFlip: 'alternating', shiftPixels: 2 } })],
    ['none', tinyRecipe({ augmentation: undefined, classAugmentation: undefined })],
  ])('are the same with 0, 1 and 2 workers, with %s', async (_, recipe) => {
    const inline = await allBatches({ recipe, workers: 0 });
    expect(inline).toHaveLength(totalSteps);
    expect(await allBatches({ recipe, workers: 1 })).toEqual(inline);
    expect(await allBatches({ recipe, workers: 2 })).toEqual(inline);
  });

  it.each([0, 1, 2])('of files are those of the same images in memory, with %d workers', async (workers) => {
    const files = await openImages(await classFolders(), { seed: 1 });
    const sampler = shuffled({ batchSize: 16 }).prepare(files, 5);
    const loaded = await preload(files, { width: 8, height: 8 });
    const expected = await allBatches({ images: loaded, sampler, workers: 0 });
    expect(await allBatches({ images: files, sampler, workers })).toEqual(expected);
    const some = selectClasses(files, [2, 0], 'some');
    const drawn = { sampler: shuffled({ batchSize: 6 }).prepare(some, 5), workers };
    expect(await allBatches({ images: some, ...drawn })).toEqual(
      await allBatches({ images: await preload(some, { width: 8, height: 8 }), ...drawn }),
    );
  });

  it('of files are decoded by a worker while this thread is kept busy', async () => {
    const files = await openImages(await classFolders());
    const stream = open({ images: files, sampler: shuffled({ batchSize: 16 }).prepare(files, 5) });
    await stream.take(0);
    await expectReady(stream, 1);
  });

  it('are the same for a run that begins in the middle', async () => {
    const whole = await allBatches({ workers: 1 });
    expect(await allBatches({ workers: 2 }, 7)).toEqual(whole.slice(7));
  });

  it('are prepared by a worker while this thread is kept busy', async () => {
    const stream = open({ workers: 1 });
    await stream.take(0);
    await expectReady(stream, 1);
  });

  it('whose pixels share a buffer with others leave those alone', async () => {
    const pool = new Uint8Array(images.length * 192 + 7).fill(9);
    const sharing = {
      ...images,
      nativeSize: images.nativeSize,
      pixels: async (indices: ArrayLike<number>) => pool.subarray(7, 7 + indices.length * 192),
    };
    const [batch] = await allBatches({ images: sharing, workers: 1 }, totalSteps - 1);
    expect(batch.input).toHaveLength(16 * 192);
    expect(pool.every((value) => value === 9)).toBe(true);
  });
});

describe('what goes wrong in a batch', () => {
  it('as a file of it has gone is told by the name of the file', async () => {
    const directory = await classFolders();
    const files = await openImages(directory);
    await rm(join(directory, files.id(3)));
    const stream = open({ images: files, sampler: shuffled({ batchSize: 16 }).prepare(files, 5) });
    const error: unknown = await stream.take(0).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      name: 'ImagekinError',
      code: 'file-not-found',
      message: expect.stringContaining(files.id(3)),
    });
    await stream.close();
  });

  it('while it is augmented is told in its words to whoever takes it', async () => {
    const sampler = classBalanced({ imagesPerClass: 2 }).prepare(images, 5);
    const broken = {
      batchSize: 10,
      imagesPerClass: 2,
      batchesPerEpoch: undefined,
      batch: (step: number) => sampler.batch(step),
    };
    // Labels are gone through by the augmentation of classes only.
    const batch = (step: number) =>
      step === 3 ? ({ ...sampler.batch(3), labels: undefined } as never) : sampler.batch(step);
    const stream = open({ sampler: { ...broken, batch }, workers: 2 });
    for (let step = 0; step < 3; step++) await stream.take(step);
    await expect(stream.take(3)).rejects.toThrow("reading 'entries'");
    expect(await stream.take(4)).toHaveProperty('input');
    await stream.close();
  });

  it('while it is read is told when it is taken, not before', async () => {
    let reads = 0;
    const failing = {
      ...images,
      nativeSize: images.nativeSize,
      async pixels(indices: ArrayLike<number>, size: { width: number; height: number }) {
        if (++reads === 3) throw new Error('the disk is gone');
        return images.pixels(indices, size);
      },
    };
    const stream = open({ images: failing, workers: 1 });
    await stream.take(0);
    await stream.take(1);
    await expect(stream.take(2)).rejects.toThrow('the disk is gone');
    await stream.close();
  });

  it('as its thread was stopped is an error, not a wait without end', async () => {
    const stream = open({ workers: 1 });
    await stream.take(0);
    await stream.close();
    await expect(stream.take(9)).rejects.toThrow('the thread that prepares batches ended with exit code 1');
  });
});
