import { Random } from '../../core/random.js';
import { membersByClass } from './members.js';
import type { BatchSampler, SampledLabels, SamplerPlan } from './sampler.js';
import { Walk } from './walk.js';

export interface ClassBalancedOptions {
  /** P: classes in a batch. All classes if left out or if there are fewer. */
  readonly classesPerBatch?: number;
  /** K: different images of each. Classes with fewer repeat some, each as evenly as the number allows. */
  readonly imagesPerClass: number;
  /**
   * `in-turn`: every image of a class is seen once before any is seen again. `independent`: each batch draws anew, as the
   * Keras example does. Default `in-turn`.
   */
  readonly draws?: Draws;
}

export type Draws = 'in-turn' | 'independent';

/**
 * P × K sampling (Hermans et al. 2017): P classes, K images of each. Rows stand image by image: the first image of every
 * class, then the second of every class in the same order, and so on.
 *
 * With fewer `classesPerBatch` than classes, batches walk through the classes in a random order: each has its turn once
 * before any has another, and none stands twice in a batch. An epoch is what shows every image at least once: as many turns
 * as the largest class needs; the images of smaller classes are seen more often by then.
 */
export function classBalanced(options: ClassBalancedOptions): SamplerPlan {
  const { classesPerBatch, imagesPerClass, draws = 'in-turn' } = options;
  return {
    name: 'class-balanced',
    options: { classesPerBatch: classesPerBatch ?? 'all', imagesPerClass, draws },
    prepare: (images, seed) => new ClassBalancedSampler(images, seed, imagesPerClass, draws, classesPerBatch),
  };
}

class ClassBalancedSampler implements BatchSampler {
  readonly batchSize: number;
  readonly batchesPerEpoch: number | undefined;
  private readonly classes: readonly number[];
  private readonly members: readonly (readonly number[])[];
  private readonly classesPerBatch: number;
  private readonly classWalk: Walk;
  private readonly imageWalks: readonly Walk[];

  constructor(
    images: SampledLabels,
    private readonly seed: number,
    readonly imagesPerClass: number,
    private readonly draws: Draws,
    classesPerBatch = Number.POSITIVE_INFINITY,
  ) {
    this.members = membersByClass(images);
    this.classes = [...this.members.keys()].filter((c) => this.members[c]!.length > 0);
    this.classesPerBatch = Math.min(classesPerBatch, this.classes.length);
    this.batchSize = this.classesPerBatch * imagesPerClass;
    this.classWalk = new Walk(this.classes.length, this.classesPerBatch, (pass) =>
      Random.of(seed, 'classes', pass),
    );
    this.imageWalks = this.members.map(
      ({ length }, c) => new Walk(length, imagesPerClass, (pass) => Random.of(seed, 'images', c, pass)),
    );
    if (draws === 'in-turn') {
      const largest = this.members.reduce((most, { length }) => Math.max(most, length), 0);
      const turns = Math.ceil(largest / imagesPerClass);
      this.batchesPerEpoch = Math.ceil((turns * this.classes.length) / this.classesPerBatch);
    }
  }

  batch(step: number) {
    const random = Random.of(this.seed, 'batch', step);
    const indices = new Int32Array(this.batchSize);
    const labels = new Int32Array(this.batchSize);
    for (const [position, classIndex] of this.classesOf(step).entries()) {
      const members = this.members[classIndex]!;
      const chosen =
        this.draws === 'in-turn'
          ? this.imageWalks[classIndex]!.window(this.turnOf(step, position))
          : random.sample(Math.min(this.imagesPerClass, members.length), members.length);
      for (let k = 0; k < this.imagesPerClass; k++) {
        const row = k * this.classesPerBatch + position;
        indices[row] = members[chosen[k % chosen.length]!]!;
        labels[row] = classIndex;
      }
    }
    return { indices, labels };
  }

  /** How many turns a class has had before the one at a position of a batch: a turn for each walk through all classes. */
  private turnOf(step: number, position: number): number {
    return Math.floor((step * this.classesPerBatch + position) / this.classes.length);
  }

  private classesOf(step: number): readonly number[] {
    if (this.classesPerBatch === this.classes.length) return this.classes;
    return this.classWalk.window(step).map((place) => this.classes[place]!);
  }
}
