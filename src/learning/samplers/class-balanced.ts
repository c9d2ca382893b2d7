import { ImagekinError } from '../../core/errors.js';
import { Random } from '../../core/random.js';
import type { BatchSampler, SampledLabels, SamplerPlan } from './sampler.js';

export interface ClassBalancedOptions {
  /** P: classes in a batch. All classes if left out or if there are fewer. */
  readonly classesPerBatch?: number;
  /** K: different images of each. Classes with fewer repeat some. */
  readonly imagesPerClass: number;
}

/**
 * P × K sampling (Hermans et al. 2017): P classes, K images of each. Rows stand image by image: the first image of every
 * class, then the second of every class in the same order, and so on.
 *
 * With fewer `classesPerBatch` than classes, batches walk through a shuffled list of the classes: none comes again before
 * all others have had their turn, but for those left over where the list does not divide evenly.
 */
export function classBalanced({ classesPerBatch, imagesPerClass }: ClassBalancedOptions): SamplerPlan {
  return {
    name: 'class-balanced',
    options: { classesPerBatch: classesPerBatch ?? 'all', imagesPerClass },
    prepare: (images, seed) => new ClassBalancedSampler(images, seed, imagesPerClass, classesPerBatch),
  };
}

class ClassBalancedSampler implements BatchSampler {
  readonly batchSize: number;
  private readonly classes: number[];
  private readonly members: readonly (readonly number[])[];
  private readonly classesPerBatch: number;
  private pass = -1;
  private order: number[];

  constructor(
    images: SampledLabels,
    private readonly seed: number,
    readonly imagesPerClass: number,
    classesPerBatch = Number.POSITIVE_INFINITY,
  ) {
    this.members = membersByClass(images);
    this.classes = [...this.members.keys()].filter((c) => this.members[c]!.length > 0);
    this.classesPerBatch = Math.min(classesPerBatch, this.classes.length);
    this.batchSize = this.classesPerBatch * imagesPerClass;
    this.order = this.classes;
  }

  batch(step: number) {
    const random = Random.of(this.seed, 'batch', step);
    const indices = new Int32Array(this.batchSize);
    const labels = new Int32Array(this.batchSize);
    for (const [position, classIndex] of this.classesOf(step).entries()) {
      const members = this.members[classIndex]!;
      const chosen = random.sample(Math.min(this.imagesPerClass, members.length), members.length);
      for (let k = 0; k < this.imagesPerClass; k++) {
        const row = k * this.classesPerBatch + position;
        indices[row] = members[chosen[k % chosen.length]!]!;
        labels[row] = classIndex;
      }
    }
    return { indices, labels };
  }

  private classesOf(step: number): readonly number[] {
    if (this.classesPerBatch === this.classes.length) return this.classes;
    const batchesPerPass = Math.floor(this.classes.length / this.classesPerBatch);
    const pass = Math.floor(step / batchesPerPass);
    if (pass !== this.pass) {
      this.pass = pass;
      this.order = Random.of(this.seed, 'classes', pass).shuffle([...this.classes]);
    }
    const first = (step % batchesPerPass) * this.classesPerBatch;
    return this.order.slice(first, first + this.classesPerBatch);
  }
}

/** Indices of the images of each class; an error where a class has but one image, or there is but one class. */
function membersByClass({ labels, classNames }: SampledLabels): number[][] {
  const members: number[][] = classNames.map(() => []);
  for (let i = 0; i < labels.length; i++) members[labels[i]!]!.push(i);
  const lone = classNames.filter((_, c) => members[c]!.length === 1);
  if (lone.length > 0) {
    const examples = lone.slice(0, 3).map((name) => `'${name}'`);
    const more = lone.length > 3 ? ` and ${lone.length - 3} more classes` : '';
    throw new ImagekinError('too-few-images', {
      where: 'training data',
      expected: 'at least 2 images in every class, for an anchor and a positive',
      got: `1 image in ${examples.join(', ')}${more}`,
      fix: 'add images, or pass --skip-lone-classes to train without them',
    });
  }
  const filled = members.filter((images) => images.length > 0).length;
  if (filled < 2) {
    throw new ImagekinError('too-few-images', {
      where: 'training data',
      expected: 'at least 2 classes',
      got: `${filled}`,
      fix: 'sort the images into one folder per class',
    });
  }
  return members;
}
