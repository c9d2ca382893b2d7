import { Random } from '../core/random.js';
import type { Size } from '../image/image.js';
import { type ChannelOrder, mirrorAndRecolour } from '../image/recolour.js';
import type { Batch } from './samplers/sampler.js';

/**
 * Changes that make a class another class: all images of a class in a batch are changed alike. For sources with more
 * classes to be told apart than there are to train on: a mirrored, recoloured drawing is one more thing to tell apart.
 */
export interface ClassAugmentation {
  /** Probability that a class is mirrored left to right. */
  readonly mirror?: number;
  /** Probability that red, green and blue change places. */
  readonly recolour?: number;
}

/**
 * Changes the images of a batch where they lie, each class by draws of its own, addressed by step and class.
 * @param pixels uint8 [batch, size.height, size.width, 3]
 */
export function augmentClasses(
  pixels: Uint8Array,
  size: Size,
  { labels }: Batch,
  { mirror = 0, recolour = 0 }: ClassAugmentation,
  { seed, step }: { readonly seed: number; readonly step: number },
): void {
  const length = size.width * size.height * 3;
  for (const [position, label] of labels.entries()) {
    const random = Random.of(seed, 'class augmentation', step, label);
    const mirrored = random.uniform() < mirror;
    const recoloured = random.uniform() < recolour;
    if (!mirrored && !recoloured) continue;
    const channels = (recoloured ? random.shuffle([0, 1, 2]) : [0, 1, 2]) as unknown as ChannelOrder;
    mirrorAndRecolour(pixels, position * length, size, { mirror: mirrored, channels });
  }
}
