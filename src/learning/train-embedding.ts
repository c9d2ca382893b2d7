import { existsSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import type { Device } from '../core/device.js';
import { ImagekinError } from '../core/errors.js';
import { packageVersion } from '../core/package-version.js';
import type { OnProgress } from '../core/progress.js';
import { Random } from '../core/random.js';
import type { LabelledImages } from '../data/labelled-images.js';
import { type Lowerings, threadCount } from '../engine/index.js';
import { BatchStream } from './batches/batch-stream.js';
import { type Checkpoint, type EpochRecord, readCheckpoint, writeCheckpoint } from './checkpoint.js';
import type { TrainedNetwork } from './embedding-graph.js';
import { CollapseGuard, requireFinite } from './guards.js';
import { describeRecipe, type Recipe } from './recipes/recipe.js';
import type { BatchSampler } from './samplers/sampler.js';
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
  /** What runs the steps. Default: `cpu`, the only one that has been tried. */
  readonly device?: Device;
  /** Threads that prepare batches; the batches are the same for any number. Default: 1 where there is augmentation. */
  readonly workers?: number;
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
const fittingImages = 5000;

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
    device = 'cpu',
    workers,
    onProgress,
    onEpoch,
    signal,
  } = request;
  const sampler = recipe.sampler.prepare(images, seed);
  const { batchSize } = sampler;
  requireFittingBatches(recipe, sampler);
  const classCount = images.classNames.length;
  const kept = resume && existsSync(checkpointPath) ? await readCheckpoint(checkpointPath) : undefined;
  const step = await TrainingStep.compile(recipe, {
    batchSize,
    seed,
    classCount,
    threads,
    device,
    // This machine may have been measured anew since, and other lowerings round otherwise.
    lowerings: kept?.identity.lowerings as Lowerings | undefined,
    onTuning: onProgress,
  });
  const identity = {
    recipe: describeRecipe(recipe),
    data: images.fingerprint,
    seed,
    // Sums are added up in another order on another number of threads or device, by other lowerings, or by another version.
    threads: threads ?? threadCount(),
    device,
    lowerings: step.lowerings,
    program: step.fingerprint,
    version: packageVersion,
  };
  const totalSteps = recipe.epochs * recipe.batchesPerEpoch;
  const batches = BatchStream.open({ recipe, images, sampler, seed, totalSteps, workers });

  try {
    if (kept) requireSameIdentity(kept, identity, checkpointPath);
    const start = kept ?? {
      state: step.initialState(await fitted(request)),
      epochs: [],
      partial: { lossSum: 0, seconds: 0 },
      stepsAlike: 0,
    };
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
      const batch = await batches.take(state.step);
      const learningRate = recipe.schedule.learningRate(state.step, totalSteps);
      const result = await step.run(state, batch.pixels, batch, learningRate);
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
    const { parameters, states } = state.average ?? state;
    return { finished, trained: { network: recipe.network, parameters, states }, epochs, step: state.step };
  } finally {
    await Promise.all([batches.close(), step.release()]);
  }
}

/** First values that depend on the images, fitted to as many as tell enough. */
async function fitted({ recipe, images, seed }: TrainingRequest) {
  const { network } = recipe;
  if (!network.fit) return undefined;
  const count = Math.min(fittingImages, images.length);
  const indices = Random.of(seed, 'fitting').sample(count, images.length);
  return network.fit({
    pixels: await images.pixels(indices, network.inputSize),
    count,
    ...network.inputSize,
  });
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

function requireSameIdentity(checkpoint: Checkpoint, identity: Checkpoint['identity'], path: string): void {
  const different = Object.keys(identity).filter((key) => {
    // What was read has been JSON, so what it is compared with goes the same way.
    const asWritten: unknown = JSON.parse(JSON.stringify(identity[key]));
    return !isDeepStrictEqual(checkpoint.identity[key], asWritten);
  });
  if (different.length === 0) return;
  // With another recipe the program is another as well, and its operations have other lowerings.
  const consequences = ['lowerings', 'program'];
  const reasons = different.filter((key) => !consequences.includes(key));
  const causes = reasons.length > 0 ? reasons : different;
  throw new ImagekinError('checkpoint-mismatch', {
    where: path,
    expected: 'a run of the same recipe, data, seed, threads, device and version',
    got: `one with another ${causes.join(' and ')}`,
    fix: 'resume with the options it was started with, or start anew with --overwrite',
  });
}
