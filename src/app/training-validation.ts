import { basename } from 'node:path';
import type { Device } from '../core/device.js';
import type { OnProgress } from '../core/progress.js';
import { Random } from '../core/random.js';
import { classCounts, type LabelledImages } from '../data/labelled-images.js';
import type { OpenOptions } from '../data/open-options.js';
import { openImages } from '../data/source.js';
import { subset } from '../data/subset.js';
import type { ModelValidation, ValidatedAt } from '../embedding/model-file.js';
import { evaluateEmbeddings } from '../evaluation/evaluate-embeddings.js';
import type { Evaluation } from '../evaluation/evaluation.js';
import { metricDefinitions } from '../evaluation/metric-definitions.js';
import { effectiveRank } from '../learning/effective-rank.js';
import type { TrainedNetwork } from '../learning/embedding-graph.js';
import type { Recipe } from '../learning/recipes/recipe.js';
import type { Statistics } from '../learning/reported-statistics.js';
import {
  bestOf,
  type Validation,
  type ValidationRecord,
  validationIdentity,
} from '../learning/validation.js';
import { projectTrained } from './project-trained.js';
import { openTrained } from './trained-embedder.js';
import { validationMetric } from './validation-metric.js';

/** Which weights a validated run ends with. */
export type Keep = 'best' | 'last';

/** How a model is measured while it is trained. */
export interface ValidationSettings {
  /** A source; its test split is taken unless it names another. */
  readonly source: string;
  /** A figure of the evaluation: `mapAtR`, `precisionAt1`, `recallAt5`. Default `mapAtR`. */
  readonly metric?: string;
  /** Epochs from one validation to the next. Default 1, where no number of steps is given. */
  readonly everyEpochs?: number;
  /** Or steps. */
  readonly everySteps?: number;
  /** About how many images, the same share of each class, but never fewer than two. Default: all. */
  readonly images?: number;
  /** Validations without an improvement after which training stops. Default: it goes on to its end. */
  readonly patience?: number;
  /** By how much a value must be above the one before to be an improvement. Default 0. */
  readonly minDelta?: number;
  /** Default `best`. */
  readonly keep?: Keep;
}

export interface ValidationRequest {
  /** Makes images ready to be embedded often. */
  readonly ready: (images: LabelledImages) => Promise<LabelledImages>;
  /** Those that are trained on. */
  readonly trainingImages: LabelledImages;
  readonly recipe: Pick<Recipe, 'projection'>;
  readonly bestCheckpointPath: string;
  readonly threads?: number;
  readonly device?: Device;
  readonly open?: OpenOptions;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/** A validation that is ready to be used, and its images. */
export interface OpenedValidation {
  readonly validation: Validation;
  readonly images: LabelledImages;
}

/** Opens the images, and says how the trainer is to measure a network on them. */
export async function openValidation(
  settings: ValidationSettings,
  request: ValidationRequest,
): Promise<OpenedValidation> {
  const { ready, trainingImages, recipe, bestCheckpointPath, open, onProgress, signal } = request;
  const metric = validationMetric(settings.metric ?? 'mapAtR');
  const opened = await openImages(settings.source, { ...open, split: 'test', onProgress, signal });
  const chosen = settings.images === undefined ? opened : someOfEachClass(opened, settings.images);
  const images = await ready(chosen);
  const { everyEpochs = 1, everySteps, patience, minDelta } = settings;
  return {
    images,
    validation: {
      metric: metric.name,
      every: everySteps === undefined ? { epochs: everyEpochs } : { steps: everySteps },
      ...(patience !== undefined && {
        earlyStopping: { patience, ...(minDelta !== undefined && { minDelta }) },
      }),
      bestCheckpointPath,
      identity: { data: images.fingerprint },
      async measure(trained) {
        // As it would be written, so that what is measured is what is used later.
        const written = await projectTrained(trained, recipe, trainingImages, request);
        const evaluation = await evaluate(written, images, {
          ...request,
          ks: metric.ks,
          clusters: metric.needsClusters,
          train: metric.needsTraining ? trainingImages : undefined,
        });
        return { value: metric.valueIn(evaluation), statistics: figuresOf(evaluation) };
      },
    },
  };
}

/** What a model file and a result say of the validations of a run. */
export function validationSummary(
  { validation, images }: OpenedValidation,
  records: readonly ValidationRecord[],
  kept: Keep,
): ModelValidation | undefined {
  const best = bestOf(records);
  if (best === undefined) return undefined;
  const at = ({ value, epoch, step }: ValidationRecord): ValidatedAt => ({ value, epoch, step });
  return {
    source: basename(images.name),
    metric: validation.metric,
    kept,
    best: at(best),
    last: at(records.at(-1)!),
    settings: validationIdentity(validation),
  };
}

/** The same share of every class, but two images at least, as a lone one could not find any other; drawn by a fixed seed. */
function someOfEachClass(images: LabelledImages, wanted: number): LabelledImages {
  if (wanted >= images.length) return images;
  const counts = classCounts(images);
  const left = counts.map((count) => Math.max(2, Math.round((count * wanted) / images.length)));
  const order = Random.of(0, 'validation').shuffle([...Array(images.length).keys()]);
  const chosen = order.filter((index) => left[images.labels[index]!]!-- > 0).sort((a, b) => a - b);
  return subset(images, chosen, images.name);
}

interface EvaluationOptions extends Pick<ValidationRequest, 'threads' | 'device' | 'onProgress' | 'signal'> {
  readonly ks: readonly number[];
  readonly clusters: boolean;
  readonly train: LabelledImages | undefined;
}

async function evaluate(
  trained: TrainedNetwork,
  images: LabelledImages,
  { threads, device, onProgress, signal, ks, clusters, train }: EvaluationOptions,
): Promise<Evaluation & { readonly effectiveRank: number | undefined }> {
  const embedder = await openTrained(trained, { threads, device, onProgress, signal });
  try {
    const embed = async (set: LabelledImages) => ({
      embeddings: await embedder.embed(set),
      labels: set.labels,
      classNames: set.classNames,
    });
    const { dimension } = trained.network;
    const test = await embed(images);
    const evaluation = await evaluateEmbeddings({
      test,
      train: train && (await embed(train)),
      dimension,
      ks: [...new Set([1, 10, ...ks])],
      clusters,
      bootstrap: 0,
      threads,
      onProgress,
      signal,
    });
    return { ...evaluation, effectiveRank: effectiveRank(test.embeddings, dimension) };
  } finally {
    await embedder.release();
  }
}

/** All figures of an evaluation that are one number. */
function figuresOf(evaluation: Evaluation & { readonly effectiveRank: number | undefined }): Statistics {
  const values = evaluation as unknown as Readonly<Record<string, unknown>>;
  const names = [...Object.keys(metricDefinitions), 'effectiveRank'];
  return Object.fromEntries(
    names.flatMap((name) => (typeof values[name] === 'number' ? [[name, values[name] as number]] : [])),
  );
}
