import { Random } from '../../core/random.js';
import { ClassImages } from './class-images.js';
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
  private readonly images: ClassImages;
  private readonly classesPerBatch: number;
  private readonly classWalk: Walk;

  constructor(
    images: SampledLabels,
    private readonly seed: number,
    readonly imagesPerClass: number,
    private readonly draws: Draws,
    classesPerBatch = Number.POSITIVE_INFINITY,
  ) {
    this.images = new ClassImages(images, imagesPerClass, seed);
    const { length: classCount } = this.images.classes;
    this.classesPerBatch = Math.min(classesPerBatch, classCount);
    this.batchSize = this.classesPerBatch * imagesPerClass;
    this.classWalk = new Walk(classCount, this.classesPerBatch, (pass) => Random.of(seed, 'classes', pass));
    if (draws === 'in-turn') {
      this.batchesPerEpoch = Math.ceil((this.images.turnsToShowAll * classCount) / this.classesPerBatch);
    }
  }

  batch(step: number) {
    const random = Random.of(this.seed, 'batch', step);
    return this.images.batch(this.classesOf(step), (classIndex, position) => {
      if (this.draws === 'in-turn') return this.images.turn(classIndex, this.turnOf(step, position));
      const members = this.images.members[classIndex]!;
      const chosen = random.sample(Math.min(this.imagesPerClass, members.length), members.length);
      return chosen.map((place) => members[place]!);
    });
  }

  /** How many turns a class has had before the one at a position of a batch: a turn for each walk through all classes. */
  private turnOf(step: number, position: number): number {
    return Math.floor((step * this.classesPerBatch + position) / this.images.classes.length);
  }

  private classesOf(step: number): readonly number[] {
    const { classes } = this.images;
    if (this.classesPerBatch === classes.length) return classes;
    return this.classWalk.window(step).map((place) => classes[place]!);
  }
}
