import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Device } from '../core/device.js';
import { ImagekinError } from '../core/errors.js';
import { removeLeftovers, writeFileAtomic } from '../core/files.js';
import type { OnProgress, Skipped } from '../core/progress.js';
import { InMemoryImages } from '../data/in-memory-images.js';
import { classCounts, type LabelledImages } from '../data/labelled-images.js';
import type { OpenOptions } from '../data/open-options.js';
import { preload } from '../data/preload.js';
import { openImages, parseSourceSpec } from '../data/source.js';
import { selectClasses } from '../data/subset.js';
import { decodeModel, encodeModel, readModelFile } from '../embedding/model-file.js';
import { trainingPixelSize } from '../learning/batches/training-pixel-size.js';
import type { EpochRecord } from '../learning/checkpoint.js';
import { inferenceGraph } from '../learning/embedding-graph.js';
import { atImageSize } from '../learning/recipes/at-image-size.js';
import { recipeNamed } from '../learning/recipes/index.js';
import { describeRecipe, type Recipe } from '../learning/recipes/recipe.js';
import { constantRate } from '../learning/schedules/constant-rate.js';
import { trainEmbedding } from '../learning/train-embedding.js';
import { requireWritableFile } from './require-writable.js';

export interface TrainOptions {
  /** `cifar10`, `emoji`, or a directory with one folder per class; its training split is taken unless it names one. */
  readonly source: string;
  /** Path of the model file. Checkpoint and log stand beside it. */
  readonly out: string;
  /** A recipe or the name of one. Default: the one that suits the source. */
  readonly recipe?: string | Recipe;
  /** Default 0. */
  readonly seed?: number;
  /** In the place of the recipe's own. */
  readonly epochs?: number;
  readonly batchesPerEpoch?: number;
  /** Side of the images that the network takes, in pixels, in the place of the recipe's own. */
  readonly imageSize?: number;
  /** A constant learning rate, in the place of the recipe's schedule. */
  readonly learningRate?: number;
  /** Go on with an unfinished run; start one where there is none. */
  readonly resume?: boolean;
  /** Start anew where an unfinished run lies. */
  readonly overwrite?: boolean;
  /** Leave out classes with a single image. */
  readonly skipLoneClasses?: boolean;
  readonly threads?: number;
  /** What runs the model. Default: `cpu`, the only one that has been tried. */
  readonly device?: Device;
  readonly open?: OpenOptions;
  readonly onProgress?: OnProgress;
  readonly onEpoch?: (epoch: EpochRecord, epochs: number) => void;
  readonly signal?: AbortSignal;
}

export interface TrainResult {
  /** `false` where the signal stopped the run; it can be resumed. */
  readonly finished: boolean;
  /** Whether the run to be resumed had been finished before, so that nothing was done. */
  readonly alreadyFinished: boolean;
  /** Path of the model file. */
  readonly model: string;
  /** SHA-256 of the model file; `null` while there is none. */
  readonly modelId: string | null;
  readonly source: string;
  readonly recipe: string;
  readonly seed: number;
  readonly images: number;
  readonly classes: number;
  /** Mean loss of the last epoch. */
  readonly loss: number | null;
  readonly lossByEpoch: readonly number[];
  /** Time in the training loop, of all the sittings of the run. */
  readonly seconds: number;
  readonly imagesPerSecond: number;
  /** Path of the log: one line of JSON per epoch. */
  readonly log: string;
  /** Path of the checkpoint, which is removed when the run is finished. */
  readonly checkpoint: string;
  readonly skipped: readonly Skipped[];
}

/** The recipe for sources that have one of their own. */
const recipeOfSource: Readonly<Record<string, string>> = { emoji: 'emoji' };
const defaultRecipe = 'keras-example';

/** Trains an embedding on a source and writes it as a model file. */
export async function trainModel(options: TrainOptions): Promise<TrainResult> {
  const { out, seed = 0, resume = false, onProgress, onEpoch, signal } = options;
  const recipe = resolveRecipe(options);
  const checkpointPath = `${out}.checkpoint`;
  const logPath = `${out.replace(/\.onnx$/, '')}.log.jsonl`;
  await requireWritableFile(out);
  refuseUnfinishedRun(options, checkpointPath);
  await Promise.all([out, checkpointPath, logPath].map(removeLeftovers));
  const images = await openTrainingImages(options);

  const summary = (
    epochs: readonly EpochRecord[],
    modelId: string | null,
    { finished, alreadyFinished = false }: { readonly finished: boolean; readonly alreadyFinished?: boolean },
  ): TrainResult => {
    const seconds = epochs.reduce((total, epoch) => total + epoch.seconds, 0);
    const { batchSize } = recipe.sampler.prepare(images, seed);
    return {
      finished,
      alreadyFinished,
      model: out,
      modelId,
      source: images.name,
      recipe: recipe.name,
      seed,
      images: images.length,
      classes: images.classNames.length,
      loss: epochs.at(-1)?.loss ?? null,
      lossByEpoch: epochs.map((epoch) => epoch.loss),
      seconds,
      imagesPerSecond: seconds > 0 ? (epochs.length * recipe.batchesPerEpoch * batchSize) / seconds : 0,
      log: logPath,
      checkpoint: checkpointPath,
      skipped: images.skipped,
    };
  };

  if (resume && !existsSync(checkpointPath) && existsSync(out)) {
    const { id, metadata } = await requireSameRun(out, recipe, images, seed);
    const epochs = await readLog(logPath, metadata.training.lossByEpoch);
    return summary(epochs, id, { finished: true, alreadyFinished: true });
  }

  const writeLog = (epochs: readonly EpochRecord[]) =>
    writeFileAtomic(logPath, epochs.map((epoch) => `${JSON.stringify(epoch)}\n`).join(''));
  const outcome = await trainEmbedding({
    recipe,
    images: await readyImages(images, recipe, { onProgress, signal }),
    seed,
    checkpointPath,
    resume,
    threads: options.threads,
    device: options.device,
    onProgress,
    signal,
    async onEpoch(epochs) {
      await writeLog(epochs);
      onEpoch?.(epochs.at(-1)!, recipe.epochs);
    },
  });
  // An earlier sitting may have been killed between its last checkpoint and the line in the log.
  await writeLog(outcome.epochs);
  if (!outcome.finished) return summary(outcome.epochs, null, { finished: false });

  const bytes = encodeModel(inferenceGraph(outcome.trained), {
    recipe: describeRecipe(recipe),
    seed,
    data: {
      // Without the way to it, which says nothing of the data and something of the machine.
      name: basename(images.name),
      fingerprint: images.fingerprint,
      images: images.length,
      classes: images.classNames,
    },
    training: { lossByEpoch: outcome.epochs.map((epoch) => epoch.loss) },
  });
  await writeFileAtomic(out, bytes);
  await rm(checkpointPath, { force: true });
  return summary(outcome.epochs, decodeModel(bytes, out).id, { finished: true });
}

function resolveRecipe(options: TrainOptions): Recipe {
  const { name } = parseSourceSpec(options.source);
  const asked = options.recipe ?? recipeOfSource[name] ?? defaultRecipe;
  const named = typeof asked === 'string' ? recipeNamed(asked) : asked;
  const recipe = options.imageSize === undefined ? named : atImageSize(named, options.imageSize);
  return {
    ...recipe,
    epochs: options.epochs ?? recipe.epochs,
    batchesPerEpoch: options.batchesPerEpoch ?? recipe.batchesPerEpoch,
    schedule: options.learningRate === undefined ? recipe.schedule : constantRate(options.learningRate),
  };
}

async function openTrainingImages({ source, open, onProgress, signal, skipLoneClasses }: TrainOptions) {
  const images = await openImages(source, { ...open, split: 'train', onProgress, signal });
  if (!skipLoneClasses) return images;
  const counts = classCounts(images);
  const kept = [...counts.keys()].filter((c) => counts[c]! > 1);
  return kept.length === counts.length ? images : selectClasses(images, kept, images.name);
}

function refuseUnfinishedRun({ resume, overwrite, out }: TrainOptions, checkpointPath: string): void {
  if (resume || overwrite || !existsSync(checkpointPath)) return;
  throw new ImagekinError('wrong-usage', {
    where: out,
    expected: 'no unfinished run',
    got: `one in ${checkpointPath}`,
    fix: 'go on with it by --resume, or start anew by --overwrite',
  });
}

/** Past this, files are decoded again each time they are drawn. */
const mostBytesInMemory = 2 ** 30;

/** The images with their pixels in memory, where they are not yet and fit: training asks for each many times. */
async function readyImages(
  images: LabelledImages,
  recipe: Recipe,
  watch: Pick<TrainOptions, 'onProgress' | 'signal'>,
): Promise<LabelledImages> {
  const size = trainingPixelSize(recipe, images.nativeSize);
  const bytes = images.length * size.width * size.height * 3;
  return images instanceof InMemoryImages || bytes > mostBytesInMemory
    ? images
    : preload(images, size, watch);
}

async function requireSameRun(out: string, recipe: Recipe, images: LabelledImages, seed: number) {
  const model = await readModelFile(out);
  const { metadata } = model;
  const asWritten: unknown = JSON.parse(JSON.stringify(describeRecipe(recipe)));
  const same =
    isDeepStrictEqual(metadata.recipe, asWritten) &&
    metadata.seed === seed &&
    metadata.data.fingerprint === images.fingerprint;
  if (same) return model;
  throw new ImagekinError('checkpoint-mismatch', {
    where: out,
    expected: 'the finished model of this recipe, data and seed, or an unfinished run',
    got: 'a model made otherwise',
    fix: 'name another -o, or leave out --resume to replace it',
  });
}

/** The log of a finished run; from the model file, without times, where it is gone or another run's. */
async function readLog(path: string, lossByEpoch: readonly number[]): Promise<EpochRecord[]> {
  const text = existsSync(path) ? await readFile(path, 'utf8') : '';
  const lines = text.split('\n').filter((line) => line !== '');
  return lossByEpoch.map((loss, i) => {
    const logged = parseLine(lines[i]);
    return logged?.loss === loss ? logged : { epoch: i + 1, loss, seconds: 0 };
  });
}

function parseLine(line = ''): EpochRecord | undefined {
  try {
    return JSON.parse(line) as EpochRecord;
  } catch {
    return undefined;
  }
}
