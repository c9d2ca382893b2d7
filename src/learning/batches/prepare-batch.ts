import { Random } from '../../core/random.js';
import { type Augmentation, augmentBatch } from '../../image/augment.js';
import type { Size } from '../../image/image.js';
import { augmentClasses, type ClassAugmentation } from '../class-augmentation.js';
import type { Batch } from '../samplers/sampler.js';

/** What is done to the pixels of every batch of a run: plain data, so that another thread can be told. */
export interface BatchPreparation {
  readonly seed: number;
  /** Size of the pixels that come. */
  readonly sourceSize: Size;
  /** Size of the network's input. */
  readonly inputSize: Size;
  readonly augmentation?: Augmentation;
  readonly classAugmentation?: ClassAugmentation;
}

/**
 * The pixels of a batch, augmented. Classes and images draw from streams of their own, addressed by step, class and
 * position in the batch: the outcome depends on the arguments alone, not on the thread or on what was prepared before.
 * @param pixels uint8 [batch, sourceSize.height, sourceSize.width, 3]; may be changed and given back
 * @returns uint8 [batch, inputSize.height, inputSize.width, 3]
 */
export function prepareBatch(
  { seed, sourceSize, inputSize, augmentation, classAugmentation }: BatchPreparation,
  step: number,
  batch: Batch,
  pixels: Uint8Array,
): Uint8Array {
  if (classAugmentation) augmentClasses(pixels, sourceSize, batch, classAugmentation, { seed, step });
  if (!augmentation) return pixels;
  const { indices, passes } = batch;
  const randomOf = (i: number) => Random.of(seed, 'augmentation', step, i);
  const isMirrored = (i: number) =>
    passes && Random.of(seed, 'side', indices[i]!).integer(2) !== passes[i]! % 2;
  return augmentBatch(pixels, inputSize, augmentation, randomOf, sourceSize, isMirrored);
}
