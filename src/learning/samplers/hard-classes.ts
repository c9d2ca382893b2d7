import { ImagekinError } from '../../core/errors.js';
import { Random } from '../../core/random.js';
import { ClassImages } from './class-images.js';
import type { BatchSampler, SampledLabels, SamplerPlan } from './sampler.js';
import { Walk } from './walk.js';

/** Two classes, by name, and how much they are taken for one another: any number above 0, larger is more. */
export type ConfusedClasses = readonly [one: string, other: string, amount: number];

export interface HardClassesOptions {
  /** P: classes in a batch. */
  readonly classesPerBatch: number;
  /** K: different images of each. Classes with fewer repeat some. */
  readonly imagesPerClass: number;
  /** What an evaluation of an earlier model found: the cells of its confusion matrix off the diagonal, in any order. */
  readonly confusions: readonly ConfusedClasses[];
  /** Classes that come together, a class and those it is confused with most; the rest of a batch is other such groups. Default 4. */
  readonly groupSize?: number;
}

/**
 * P × K batches of classes that are hard to tell apart, by the confusion matrix of an earlier model: hard-class mining, as in
 * Sohn 2016 and Suh et al. 2019. A batch is made of groups: a class whose turn it is, and those that it
 * is confused with most and that are not in the batch yet.
 *
 * An epoch is a turn for every class at the head of a group, as often as the largest class needs to show all its images.
 * Every image of a class is seen once before any is seen again; classes that many others are confused with come more often.
 */
export function hardClasses(options: HardClassesOptions): SamplerPlan {
  const { classesPerBatch, imagesPerClass, confusions, groupSize = 4 } = options;
  return {
    name: 'hard-classes',
    options: { classesPerBatch, imagesPerClass, groupSize, confusions },
    prepare: (images, seed) => new HardClassSampler(images, seed, { ...options, groupSize }),
  };
}

class HardClassSampler implements BatchSampler {
  readonly batchSize: number;
  readonly imagesPerClass: number;
  readonly batchesPerEpoch: number;
  private readonly images: ClassImages;
  private readonly rivals: ReadonlyMap<number, readonly number[]>;
  private readonly classesPerBatch: number;
  private readonly groupSize: number;
  private readonly heads: Walk;
  /** How often each class has come in batches before `next`. */
  private readonly turns: Int32Array;
  private next = 0;

  constructor(
    images: SampledLabels,
    private readonly seed: number,
    options: Required<HardClassesOptions>,
  ) {
    this.imagesPerClass = options.imagesPerClass;
    this.images = new ClassImages(images, this.imagesPerClass, seed);
    const { classes, members, turnsToShowAll } = this.images;
    this.classesPerBatch = Math.min(options.classesPerBatch, classes.length);
    this.batchSize = this.classesPerBatch * this.imagesPerClass;
    this.groupSize = Math.min(options.groupSize, this.classesPerBatch);
    const groups = Math.ceil(this.classesPerBatch / this.groupSize);
    this.rivals = rivalsOf(images.classNames, options.confusions);
    this.batchesPerEpoch = Math.ceil((turnsToShowAll * classes.length) / groups);
    this.heads = new Walk(classes.length, groups, (pass) => Random.of(seed, 'heads', pass));
    this.turns = new Int32Array(members.length);
  }

  batch(step: number) {
    if (step < this.next) {
      this.next = 0;
      this.turns.fill(0);
    }
    // Which image of a class has its turn depends on how often the class has come: earlier batches are walked through.
    while (this.next < step) for (const c of this.classesOf(this.next++)) this.turns[c]!++;
    this.next++;
    return this.images.batch(this.classesOf(step), (c) => this.images.turn(c, this.turns[c]!++));
  }

  private classesOf(step: number): number[] {
    const { classes, members } = this.images;
    const heads = this.heads.window(step).map((place) => classes[place]!);
    const batch = new Set(heads);
    for (const head of heads) {
      // The head itself is one of its group.
      let joined = 1;
      for (const rival of this.rivals.get(head) ?? []) {
        if (joined === this.groupSize || batch.size === this.classesPerBatch) break;
        if (batch.has(rival) || members[rival]!.length === 0) continue;
        batch.add(rival);
        joined++;
      }
    }
    // Classes that nothing is confused with leave room.
    if (batch.size < this.classesPerBatch) {
      for (const c of Random.of(this.seed, 'filling', step).shuffle([...classes])) {
        if (batch.size === this.classesPerBatch) break;
        batch.add(c);
      }
    }
    return [...batch];
  }
}

/** The classes that each is confused with, in both directions together, most first. */
function rivalsOf(
  classNames: readonly string[],
  confusions: readonly ConfusedClasses[],
): Map<number, readonly number[]> {
  const indexOf = new Map(classNames.map((name, index) => [name, index]));
  const amounts = new Map<number, Map<number, number>>();
  const count = (from: number, to: number, amount: number) => {
    const row = amounts.get(from) ?? amounts.set(from, new Map()).get(from)!;
    row.set(to, (row.get(to) ?? 0) + amount);
  };
  let known = 0;
  for (const [one, other, amount] of confusions) {
    const [a, b] = [indexOf.get(one), indexOf.get(other)];
    if (a === undefined || b === undefined || a === b || !(amount > 0)) continue;
    known++;
    count(a, b, amount);
    count(b, a, amount);
  }
  if (known === 0) {
    throw new ImagekinError('wrong-usage', {
      where: 'hardClasses',
      expected: 'confusions between classes of the training data',
      got: confusions.length === 0 ? 'none' : `${confusions.length}, none between two classes of these names`,
      fix: 'evaluate a model on a source with the same class names, or take classBalanced',
    });
  }
  return new Map(
    [...amounts].map(([from, row]) => [
      from,
      [...row].sort(([a, x], [b, y]) => y - x || a - b).map(([to]) => to),
    ]),
  );
}
