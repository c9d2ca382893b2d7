import { Random } from '../../core/random.js';
import { membersByClass } from './members.js';
import type { Batch, SampledLabels } from './sampler.js';
import { Walk } from './walk.js';

/** The images of each class, K at a turn: every image of a class once before any again. */
export class ClassImages {
  /** Indices of the images of each class. */
  readonly members: readonly (readonly number[])[];
  /** Class indices that have images. */
  readonly classes: readonly number[];
  /** Turns after which every image of the largest class has been shown. */
  readonly turnsToShowAll: number;
  private readonly walks: readonly Walk[];

  /** @throws `too-few-images` where a class has but one image, or there is but one class */
  constructor(
    images: SampledLabels,
    readonly imagesPerClass: number,
    seed: number,
  ) {
    this.members = membersByClass(images);
    this.classes = [...this.members.keys()].filter((c) => this.members[c]!.length > 0);
    const largest = this.members.reduce((most, { length }) => Math.max(most, length), 0);
    this.turnsToShowAll = Math.ceil(largest / imagesPerClass);
    this.walks = this.members.map(
      ({ length }, c) => new Walk(length, imagesPerClass, (pass) => Random.of(seed, 'images', c, pass)),
    );
  }

  /** The images of a turn of a class, counted from 0. */
  turn(classIndex: number, turn: number): number[] {
    return this.walks[classIndex]!.window(turn).map((place) => this.members[classIndex]![place]!);
  }

  /**
   * A batch of some classes, rows image by image: the first image of every class, then the second of every class in the same
   * order, and so on.
   *
   * @param imagesOf K images of a class; `position` is its place in the batch
   */
  batch(
    classes: readonly number[],
    imagesOf: (classIndex: number, position: number) => readonly number[],
  ): Batch {
    const size = classes.length * this.imagesPerClass;
    const indices = new Int32Array(size);
    const labels = new Int32Array(size);
    for (const [position, classIndex] of classes.entries()) {
      const chosen = imagesOf(classIndex, position);
      for (let k = 0; k < this.imagesPerClass; k++) {
        const row = k * classes.length + position;
        indices[row] = chosen[k % chosen.length]!;
        labels[row] = classIndex;
      }
    }
    return { indices, labels };
  }
}
