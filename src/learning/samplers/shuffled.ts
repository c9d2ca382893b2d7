import { ImagekinError } from '../../core/errors.js';
import { Random } from '../../core/random.js';
import type { BatchSampler, SampledLabels, SamplerPlan } from './sampler.js';

export interface ShuffledOptions {
  readonly batchSize: number;
}

/**
 * All images in a random order, then all in another: every image is seen once before any is seen again. Classes come as
 * often as they have images. An epoch is one such order. For losses that learn a proxy of each class; those that compare images with each other want
 * batches with several of a class.
 */
export function shuffled({ batchSize }: ShuffledOptions): SamplerPlan {
  return {
    name: 'shuffled',
    options: { batchSize },
    prepare: (images, seed) => new ShuffledSampler(images, seed, batchSize),
  };
}

class ShuffledSampler implements BatchSampler {
  readonly imagesPerClass = undefined;
  readonly batchesPerEpoch: number;
  private readonly orders = new Map<number, readonly number[]>();

  constructor(
    private readonly images: SampledLabels,
    private readonly seed: number,
    readonly batchSize: number,
  ) {
    this.batchesPerEpoch = Math.ceil(images.labels.length / batchSize);
    const present = new Set(images.labels).size;
    if (present >= 2) return;
    throw new ImagekinError('too-few-images', {
      where: 'training data',
      expected: 'at least 2 classes',
      got: `${present}`,
      fix: 'sort the images into one folder per class',
    });
  }

  batch(step: number) {
    const count = this.images.labels.length;
    const indices = new Int32Array(this.batchSize);
    const passes = new Int32Array(this.batchSize);
    for (let row = 0; row < this.batchSize; row++) {
      const position = step * this.batchSize + row;
      const pass = Math.floor(position / count);
      indices[row] = this.order(pass)[position % count]!;
      passes[row] = pass;
    }
    return { indices, passes, labels: indices.map((index) => this.images.labels[index]!) };
  }

  /** The images in the order of a pass. A batch may reach into the next one, so two are kept. */
  private order(pass: number): readonly number[] {
    const known = this.orders.get(pass);
    if (known) return known;
    if (this.orders.size > 1) this.orders.delete(Math.min(...this.orders.keys()));
    const order = Random.of(this.seed, 'pass', pass).shuffle([...this.images.labels.keys()]);
    this.orders.set(pass, order);
    return order;
  }
}
