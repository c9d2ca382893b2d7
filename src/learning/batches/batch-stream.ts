import { ImagekinError } from '../../core/errors.js';
import type { LabelledImages } from '../../data/labelled-images.js';
import type { Recipe } from '../recipes/recipe.js';
import type { Batch, BatchSampler } from '../samplers/sampler.js';
import { BatchWorkers } from './batch-workers.js';
import { type BatchPreparation, prepareBatch } from './prepare-batch.js';
import { trainingPixelSize } from './training-pixel-size.js';

export interface BatchStreamOptions {
  readonly recipe: Pick<Recipe, 'network' | 'augmentation' | 'classAugmentation'>;
  readonly images: LabelledImages;
  readonly sampler: BatchSampler;
  readonly seed: number;
  /** Steps of the run: none is prepared beyond. */
  readonly totalSteps: number;
  /** Steps that are taken as one: their batches are prepared while those before run. Default 1. */
  readonly stepsPerRun?: number;
  /**
   * Threads that decode and augment. The batches are the same whatever their number. Default: 1 where there is
   * augmentation or images are decoded on demand, else 0, as handing pixels over would cost more than there is to do.
   */
  readonly workers?: number;
}

/** A batch and what the network takes of its images. */
export interface PreparedBatch extends Batch {
  /** uint8 [batch, height, width, 3] at the size of the network's input; with a backbone, float32 [batch, its dimension]. */
  readonly input: Uint8Array | Float32Array;
}

/**
 * The batches of a run, prepared ahead: while a step runs, the ones after it are read and augmented.
 *
 * Running a program blocks this thread, which therefore only chooses images and looks up those in memory; so many batches
 * are asked of the workers before a step that none of them waits for its end. Files are decoded by the workers as well.
 */
export class BatchStream {
  readonly #pending = new Map<number, Promise<PreparedBatch>>();
  readonly #ahead: number;

  private constructor(
    private readonly options: BatchStreamOptions,
    private readonly preparation: BatchPreparation,
    private readonly workers: BatchWorkers | undefined,
    workerCount: number,
  ) {
    this.#ahead = workerCount + (options.stepsPerRun ?? 1);
  }

  static open(options: BatchStreamOptions): BatchStream {
    const { recipe, images, seed } = options;
    const { augmentation, classAugmentation, network } = recipe;
    requireFeatures(options);
    const preparation = {
      seed,
      sourceSize: trainingPixelSize(recipe, images.nativeSize),
      inputSize: network.inputSize,
      augmentation,
      classAugmentation,
    };
    const hasWork = !network.backbone && (augmentation || classAugmentation || images.file);
    const { workers: count = hasWork ? 1 : 0 } = options;
    return new BatchStream(options, preparation, BatchWorkers.start(preparation, count), count);
  }

  /**
   * The batch of a step. Steps are taken in order, each once.
   * @throws what reading or augmenting the images of this step threw
   */
  take(step: number): Promise<PreparedBatch> {
    const last = Math.min(step + this.#ahead, this.options.totalSteps - 1);
    for (let next = step; next <= last; next++) {
      if (this.#pending.has(next)) continue;
      const prepared = this.#prepare(next);
      // It is told to whoever takes the batch, and until then it is nobody's.
      prepared.catch(() => {});
      this.#pending.set(next, prepared);
    }
    const batch = this.#pending.get(step)!;
    this.#pending.delete(step);
    return batch;
  }

  async close(): Promise<void> {
    await this.workers?.close();
  }

  async #prepare(step: number): Promise<PreparedBatch> {
    const { sampler, images } = this.options;
    const batch = sampler.batch(step);
    if (this.options.recipe.network.backbone)
      return { ...batch, input: await images.features!(batch.indices) };
    if (this.workers && images.file) {
      const files = Array.from(batch.indices, (index) => images.file!(index));
      return { ...batch, input: await this.workers.prepare(step, batch, files) };
    }
    const source = await images.pixels(batch.indices, this.preparation.sourceSize);
    const input = this.workers
      ? await this.workers.prepare(step, batch, source)
      : prepareBatch(this.preparation, step, batch, source);
    return { ...batch, input };
  }
}

function requireFeatures({ recipe, images }: BatchStreamOptions): void {
  const { network, augmentation, classAugmentation } = recipe;
  if (!network.backbone) return;
  if (augmentation || classAugmentation) {
    throw new ImagekinError('wrong-usage', {
      where: `network '${network.name}'`,
      expected: 'a recipe without augmentation, as the images have been embedded once and for all',
      got: augmentation ? 'augmentation' : 'class augmentation',
      fix: 'leave it out of the recipe',
    });
  }
  if (!images.features) {
    throw new ImagekinError('wrong-usage', {
      where: `network '${network.name}'`,
      expected: 'images as a backbone sees them',
      got: `${images.name} with nothing but pixels`,
      fix: 'give images with `features`, their embeddings by the backbone',
    });
  }
}
