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
import { type Checkpoint, readCheckpoint, writeCheckpoint } from './checkpoint.js';
import type { TrainedNetwork } from './embedding-graph.js';
import { CollapseGuard, requireFinite } from './guards.js';
import { describeRecipe, type Recipe } from './recipes/recipe.js';
import type { BatchSampler } from './samplers/sampler.js';
import {
  emptyRecord,
  lossOfEpoch,
  type StepRecord,
  type TrainingRecord,
  withStep,
  withValidation,
} from './training-record.js';
import { type StepInput, type TrainingState, TrainingStep } from './training-step.js';
import {
  bestOf,
  isValidationDue,
  shouldStopEarly,
  type Validation,
  type ValidationRecord,
  validationIdentity,
  validationInterval,
} from './validation.js';

/** What a program can follow a run by. A hook that throws ends the run; what is kept by then can be resumed. */
export interface TrainingHooks {
  readonly onProgress?: OnProgress;
  /** Called once it is clear that the run can begin or go on, before its first step. */
  readonly onStart?: (record: TrainingRecord) => void | Promise<void>;
  /**
   * Called for every step once it is taken, before it is kept: a run that is killed and resumed tells of some steps again.
   */
  readonly onStep?: (step: StepRecord) => void | Promise<void>;
  /** Called after an epoch is safely kept. */
  readonly onEpoch?: (record: TrainingRecord) => void | Promise<void>;
  /** Called after a validation is safely kept. */
  readonly onValidation?: (record: TrainingRecord) => void | Promise<void>;
}

export interface TrainingRequest extends TrainingHooks {
  readonly recipe: Recipe;
  readonly images: LabelledImages;
  /** Decides first weights, batches and augmentation. Equal seeds give equal weights on one machine. */
  readonly seed: number;
  /** Where the run is kept after every epoch and validation, and at least twice a minute. */
  readonly checkpointPath: string;
  /** Go on with the run kept there, if there is one. */
  readonly resume?: boolean;
  /** Measures the network now and then. Default: nothing does. */
  readonly validation?: Validation;
  readonly threads?: number;
  /** What runs the steps. Default: `cpu`, the only one that has been tried. */
  readonly device?: Device;
  /** Threads that prepare batches; the batches are the same for any number. Default: 1 where there is augmentation. */
  readonly workers?: number;
  /**
   * Steps that are taken as one at most: what follows the run hears of them together, and a signal waits for their end.
   * Default: 10 where batches are so small that it saves time, else 1.
   */
  readonly mostStepsPerRun?: number;
  /** Stops the run after the steps under way (`mostStepsPerRun`); what was done is kept. */
  readonly signal?: AbortSignal;
}

export interface TrainingOutcome {
  /** Whether the run came to its end; `false` where the signal stopped it. */
  readonly finished: boolean;
  /** Whether its end came before the last step, as validation found no improvement any more. */
  readonly stoppedEarly: boolean;
  /** The network after the last step. */
  readonly trained: TrainedNetwork;
  /** The network at the best validation, where there was one. */
  readonly best?: TrainedNetwork;
  readonly record: TrainingRecord;
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
    validation,
    threads,
    device = 'cpu',
    workers,
    mostStepsPerRun,
    signal,
  } = request;
  const sampler = recipe.sampler.prepare(images, seed);
  const { batchSize } = sampler;
  requireFittingBatches(recipe, sampler);
  const classCount = images.classNames.length;
  const { epochs, batchesPerEpoch } = recipe;
  const totalSteps = epochs * batchesPerEpoch;
  const kept = resume && existsSync(checkpointPath) ? await readCheckpoint(checkpointPath) : undefined;
  const step = await TrainingStep.compile(recipe, {
    batchSize,
    seed,
    classCount,
    pauses: [batchesPerEpoch, ...(validation ? [validationInterval(validation.every, batchesPerEpoch)] : [])],
    mostStepsPerRun,
    threads,
    device,
    // This machine may have been measured anew since, and other lowerings round otherwise.
    lowerings: kept?.identity.lowerings as Lowerings | undefined,
    onTuning: request.onProgress,
  });
  const identity = {
    recipe: describeRecipe(recipe),
    data: images.fingerprint,
    seed,
    validation: validation ? validationIdentity(validation) : null,
    // Sums are added up in another order on another number of threads or device, by other lowerings, or by another version.
    threads: threads ?? threadCount(),
    device,
    lowerings: step.lowerings,
    program: step.fingerprint,
    version: packageVersion,
  };
  const { stepsPerRun } = step;
  const batches = BatchStream.open({ recipe, images, sampler, seed, totalSteps, stepsPerRun, workers });

  try {
    if (kept) requireSameIdentity(kept, identity, checkpointPath);
    let state: TrainingState = kept?.state ?? step.initialState(await fitted(request));
    let record: TrainingRecord = kept?.record ?? emptyRecord;
    const collapse = new CollapseGuard(kept?.stepsAlike);

    let keptAt = performance.now();
    const keep = async (path = checkpointPath) => {
      for (const values of [state.parameters, state.states, ...state.slots])
        requireFinite(values, state.step);
      await writeCheckpoint(path, { identity, state, record, stepsAlike: collapse.stepsAlike });
      keptAt = performance.now();
    };
    await request.onStart?.(record);
    if (state.step === 0) await keep();

    const isToValidate = () =>
      validation !== undefined &&
      isValidationDue(state.step, validation.every, { batchesPerEpoch, totalSteps }) &&
      record.validations.at(-1)?.step !== state.step;
    const hasStoppedEarly = () =>
      validation?.earlyStopping !== undefined &&
      state.step < totalSteps &&
      shouldStopEarly(record.validations, validation.earlyStopping);
    const validate = async ({ metric, bestCheckpointPath, measure }: Validation) => {
      const startedAt = performance.now();
      const measured = await measure(trainedNetwork(recipe, state));
      const seconds = (performance.now() - startedAt) / 1000;
      const epoch = Math.ceil(state.step / batchesPerEpoch);
      const validated = { step: state.step, epoch, metric, ...measured, seconds };
      record = withValidation(record, validated);
      // The best first: killed between the two, the run validates this step again and finds the same.
      if (bestOf(record.validations) === validated) await keep(bestCheckpointPath);
      await keep();
      await request.onValidation?.(record);
    };

    const firstStep = state.step;
    let lastTick = performance.now();
    while (!signal?.aborted) {
      if (isToValidate()) {
        try {
          await validate(validation!);
        } catch (error) {
          // Stopped in the middle: the next sitting begins with this validation.
          if (signal?.aborted) break;
          throw error;
        }
        lastTick = performance.now();
      }
      if (state.step === totalSteps || hasStoppedEarly()) break;

      const steps: StepInput[] = [];
      for (let at = state.step; at < state.step + stepsPerRun; at++) {
        const learningRate = recipe.schedule.learningRate(at, totalSteps);
        steps.push({ ...(await batches.take(at)), learningRate });
      }
      const result = await step.run(state, steps);
      const now = performance.now();
      const seconds = (now - lastTick) / 1000 / stepsPerRun;
      lastTick = now;
      const epochsBefore = record.epochs.length;
      for (const [i, { loss, statistics }] of result.outcomes.entries()) {
        const number = state.step + i + 1;
        requireFinite([loss], number);
        collapse.observe(statistics, number);
        const epoch = Math.ceil(number / batchesPerEpoch);
        const taken = { step: number, epoch, loss, learningRate: steps[i]!.learningRate, statistics };
        record = withStep(record, taken, { batchesPerEpoch, seconds });
        await request.onStep?.(taken);
      }
      state = result.state;
      request.onProgress?.({
        task: 'training',
        done: state.step * batchSize,
        total: totalSteps * batchSize,
        unit: 'images',
        figures: {
          epoch: `${Math.ceil(state.step / batchesPerEpoch)}/${epochs}`,
          loss: lossOfEpoch(record).toFixed(4),
          ...lastValue(record),
        },
        startedWith: firstStep * batchSize,
      });
      if (record.epochs.length > epochsBefore) {
        await keep();
        await request.onEpoch?.(record);
      } else if (now - keptAt > checkpointIntervalMs) {
        await keep();
      }
    }
    const stoppedEarly = hasStoppedEarly();
    const finished = stoppedEarly || (state.step === totalSteps && !isToValidate());
    if (!finished) await keep();
    const best = bestOf(record.validations);
    return {
      finished,
      stoppedEarly,
      trained: trainedNetwork(recipe, state),
      ...(finished && best && { best: await bestNetwork(recipe, validation!, best) }),
      record,
      step: state.step,
    };
  } finally {
    await Promise.all([batches.close(), step.release()]);
  }
}

/** What a run is for: the averages of the weights, where the recipe wants some. */
function trainedNetwork({ network }: Recipe, state: TrainingState): TrainedNetwork {
  const { parameters, states } = state.average ?? state;
  return { network, parameters, states };
}

/** @throws `checkpoint-damaged` where the run is not kept as it was then */
async function bestNetwork(
  recipe: Recipe,
  { bestCheckpointPath: path }: Validation,
  best: ValidationRecord,
): Promise<TrainedNetwork> {
  const { state } = existsSync(path) ? await readCheckpoint(path) : { state: undefined };
  if (state?.step === best.step) return trainedNetwork(recipe, state);
  throw new ImagekinError('checkpoint-damaged', {
    where: path,
    expected: `the run as it was at its best validation, after step ${best.step}`,
    got: state ? `step ${state.step}` : 'no such file',
    fix: 'put the file back, or start anew with --overwrite',
  });
}

/** The value of the last validation, for the line of progress. */
function lastValue({ validations }: TrainingRecord): Record<string, string> {
  const last = validations.at(-1);
  return last ? { [last.metric]: last.value.toFixed(4) } : {};
}

/** First values that depend on the images, fitted to as many as tell enough. */
async function fitted({ recipe, images, seed }: TrainingRequest) {
  const { network } = recipe;
  if (!network.fit && !network.fitToFeatures) return undefined;
  const count = Math.min(fittingImages, images.length);
  const indices = Random.of(seed, 'fitting').sample(count, images.length);
  if (network.fitToFeatures) {
    const labels = Int32Array.from(indices, (index) => images.labels[index]!);
    const vectors = await images.features!(indices);
    return network.fitToFeatures({ vectors, labels, width: network.backbone!.dimension });
  }
  return network.fit!({
    pixels: await images.pixels(indices, network.inputSize),
    count,
    ...network.inputSize,
  });
}

/** A loss of pairs would take the wrong images for positives in batches of another make. */
function requireFittingBatches({ loss }: Recipe, { imagesPerClass }: BatchSampler): void {
  // Without positives it would be 0 at every step, and nothing would be learned; a memory may hold some.
  if (loss.comparesImages && imagesPerClass === 1 && loss.options.memory === undefined) {
    throw new ImagekinError('wrong-usage', {
      where: `loss ${loss.name}`,
      expected: 'batches with 2 or more images of each class',
      got: 'a sampler that gives 1',
      fix: 'take a sampler with more imagesPerClass, or a loss with proxies',
    });
  }
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
    expected: 'a run of the same recipe, data, seed, validation, threads, device and version',
    got: `one with another ${causes.join(' and ')}`,
    fix: 'resume with the options it was started with, or start anew with --overwrite',
  });
}
