import { existsSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { ImagekinError } from '../core/errors.js';
import { packageVersion } from '../core/package-version.js';
import type { OnProgress } from '../core/progress.js';
import { Random } from '../core/random.js';
import type { LabelledImages } from '../data/labelled-images.js';
import { threadCount } from '../engine/index.js';
import { augmentBatch } from '../image/augment.js';
import type { Size } from '../image/image.js';
import { type Checkpoint, type EpochRecord, readCheckpoint, writeCheckpoint } from './checkpoint.js';
import { augmentClasses } from './class-augmentation.js';
import type { TrainedNetwork } from './embedding-graph.js';
import { CollapseGuard, requireFinite } from './guards.js';
import { describeRecipe, type Recipe } from './recipes/recipe.js';
import type { Batch, BatchSampler } from './samplers/sampler.js';
import { type TrainingState, TrainingStep } from './training-step.js';

export interface TrainingRequest {
  readonly recipe: Recipe;
  readonly images: LabelledImages;
  /** Decides first weights, batches and augmentation. Equal seeds give equal weights on one machine. */
  readonly seed: number;
  /** Where the run is kept after every epoch, and at least twice a minute. */
  readonly checkpointPath: string;
  /** Go on with the run kept there, if there is one. */
  readonly resume?: boolean;
  readonly threads?: number;
  readonly onProgress?: OnProgress;
  /** Called after an epoch is safely kept. */
  readonly onEpoch?: (epochs: readonly EpochRecord[]) => void | Promise<void>;
  /** Stops the run after the step under way; what was done is kept. */
  readonly signal?: AbortSignal;
}

export interface TrainingOutcome {
  /** Whether the run came to its end; `false` where the signal stopped it. */
  readonly finished: boolean;
  readonly trained: TrainedNetwork;
  readonly epochs: readonly EpochRecord[];
  /** Steps done. */
  readonly step: number;
}

const checkpointIntervalMs = 30_000;

/**
 * Trains an embedding by a recipe.
 *
 * @throws `training-diverged` where a loss or weight is not finite, `training-collapsed` where all embeddings have become
 * alike, `checkpoint-mismatch` where the run to go on with is another one
 */
export async function trainEmbedding(request: TrainingRequest): Promise<TrainingOutcome> {
  const {
    recipe,
    images,
    seed,
    checkpointPath,
    resume = false,
    threads,
    onProgress,
    onEpoch,
    signal,
  } = request;
  const sampler = recipe.sampler.prepare(images, seed);
  const { batchSize } = sampler;
  requireFittingBatches(recipe, sampler);
  const step = await TrainingStep.compile(recipe, { batchSize, seed, threads });
  const identity = {
    recipe: describeRecipe(recipe),
    data: images.fingerprint,
    seed,
    // Sums are added up in another order on another number of threads, or by another version.
    threads: threads ?? threadCount(),
    version: packageVersion,
  };
  const totalSteps = recipe.epochs * recipe.batchesPerEpoch;

  try {
    const start =
      resume && existsSync(checkpointPath)
        ? await continueFrom(checkpointPath, identity)
        : { state: step.initialState(), epochs: [], partial: { lossSum: 0, seconds: 0 }, stepsAlike: 0 };
    let state: TrainingState = start.state;
    const epochs = [...start.epochs];
    let { lossSum, seconds } = start.partial;
    const collapse = new CollapseGuard(start.stepsAlike);

    let keptAt = performance.now();
    const keep = async () => {
      for (const values of [state.parameters, state.states, ...state.slots])
        requireFinite(values, state.step);
      await writeCheckpoint(checkpointPath, {
        identity,
        state,
        epochs,
        partial: { lossSum, seconds },
        stepsAlike: collapse.stepsAlike,
      });
      keptAt = performance.now();
    };
    if (state.step === 0) await keep();

    const firstStep = state.step;
    let lastTick = performance.now();
    while (state.step < totalSteps && !signal?.aborted) {
      const batch = sampler.batch(state.step);
      const pixels = await batchPixels(request, batch, state.step);
      const learningRate = recipe.schedule.learningRate(state.step, totalSteps);
      const result = await step.run(state, pixels, batch, learningRate);
      requireFinite([result.loss], result.state.step);
      collapse.observe(result.meanCosine, result.state.step);
      state = result.state;
      lossSum += result.loss;
      const now = performance.now();
      seconds += (now - lastTick) / 1000;
      lastTick = now;

      const stepInEpoch = ((state.step - 1) % recipe.batchesPerEpoch) + 1;
      const epoch = Math.ceil(state.step / recipe.batchesPerEpoch);
      onProgress?.({
        task: 'training',
        done: state.step * batchSize,
        total: totalSteps * batchSize,
        unit: 'images',
        figures: { epoch: `${epoch}/${recipe.epochs}`, loss: (lossSum / stepInEpoch).toFixed(4) },
        startedWith: firstStep * batchSize,
      });
      if (stepInEpoch === recipe.batchesPerEpoch) {
        epochs.push({ epoch, loss: lossSum / stepInEpoch, seconds });
        lossSum = 0;
        seconds = 0;
        await keep();
        await onEpoch?.(epochs);
      } else if (now - keptAt > checkpointIntervalMs) {
        await keep();
      }
    }
    const finished = state.step === totalSteps;
    if (!finished) await keep();
    const { parameters, states } = state;
    return { finished, trained: { network: recipe.network, parameters, states }, epochs, step: state.step };
  } finally {
    await step.release();
  }
}

/** The pixels of a batch, augmented. Classes and images draw from streams of their own, addressed by step. */
async function batchPixels({ recipe, images, seed }: TrainingRequest, batch: Batch, step: number) {
  const sourceSize = trainingPixelSize(recipe, images.nativeSize);
  const pixels = await images.pixels(batch.indices, sourceSize);
  if (recipe.classAugmentation) {
    augmentClasses(pixels, sourceSize, batch, recipe.classAugmentation, { seed, step });
  }
  if (!recipe.augmentation) return pixels;
  const randomOf = (i: number) => Random.of(seed, 'augmentation', step, i);
  return augmentBatch(pixels, recipe.network.inputSize, recipe.augmentation, randomOf, sourceSize);
}

/**
 * The size at which training asks for pixels. To augment from, that of the images themselves serves best, where it is
 * larger than the input's but not over twice so.
 */
export function trainingPixelSize({ network, augmentation }: Recipe, nativeSize: Size | undefined): Size {
  const { inputSize } = network;
  if (!augmentation || !nativeSize) return inputSize;
  const [x, y] = [nativeSize.width / inputSize.width, nativeSize.height / inputSize.height];
  return x === y && x > 1 && x <= 2 ? nativeSize : inputSize;
}

/** A loss of pairs would take the wrong images for positives in batches of another make. */
function requireFittingBatches({ loss }: Recipe, { imagesPerClass }: BatchSampler): void {
  if (loss.imagesPerClass === undefined || loss.imagesPerClass === imagesPerClass) return;
  throw new ImagekinError('wrong-usage', {
    where: `loss ${loss.name}`,
    expected: `batches with ${loss.imagesPerClass} images of each class`,
    got: `a sampler that gives ${imagesPerClass}`,
    fix: 'take another sampler or another loss',
  });
}

async function continueFrom(path: string, identity: Checkpoint['identity']): Promise<Checkpoint> {
  const checkpoint = await readCheckpoint(path);
  const different = Object.keys(identity).filter((key) => {
    // What was read has been JSON, so what it is compared with goes the same way.
    const asWritten: unknown = JSON.parse(JSON.stringify(identity[key]));
    return !isDeepStrictEqual(checkpoint.identity[key], asWritten);
  });
  if (different.length === 0) return checkpoint;
  throw new ImagekinError('checkpoint-mismatch', {
    where: path,
    expected: 'a run of the same recipe, data, seed, threads and version',
    got: `one with another ${different.join(' and ')}`,
    fix: 'resume with the options it was started with, or start anew with --overwrite',
  });
}
