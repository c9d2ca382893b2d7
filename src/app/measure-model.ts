import type { Device } from '../core/device.js';
import type { OnProgress, Skipped } from '../core/progress.js';
import { Random } from '../core/random.js';
import { classCounts, type LabelledImages } from '../data/labelled-images.js';
import type { OpenOptions } from '../data/open-options.js';
import { openImages, parseSourceSpec } from '../data/source.js';
import { embedImages } from '../embedding/embed-images.js';
import { Embedder } from '../embedding/embedder.js';
import type { ModelFile } from '../embedding/model-file.js';
import { evaluateEmbeddings } from '../evaluation/evaluate-embeddings.js';
import type { Evaluation } from '../evaluation/evaluation.js';
import { pixelBaseline, pixelBaselineDimension, pixelBaselineSize } from '../evaluation/pixel-baseline.js';

export interface EvaluateOptions {
  /** Path of a model file. */
  readonly model: string;
  /** A source; its test split is taken unless it names another. */
  readonly source: string;
  /** Directory for a report with pictures. */
  readonly report?: string;
  /** Also measure raw 16×16 pixels, the floor. Default: with a report. */
  readonly baseline?: boolean;
  readonly threads?: number;
  /** What runs the model. Default: `cpu`, the only one that has been tried. */
  readonly device?: Device;
  readonly open?: OpenOptions;
  /** What the user typed, for the report. */
  readonly command?: string;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

export interface EvaluateResult {
  /** Path of the model file. */
  readonly model: string;
  readonly modelId: string;
  readonly source: string;
  readonly evaluation: Evaluation;
  /** precision@1 and R-precision of raw pixels. */
  readonly baseline: { readonly precisionAt1: number; readonly rPrecision: number } | null;
  /** Loss of the last epoch of its training. */
  readonly loss: number | null;
  readonly images: number;
  /** Embedding and searching together. */
  readonly seconds: number;
  /** Images embedded per second. */
  readonly imagesPerSecond: number;
  /** Path of the page. */
  readonly report: string | null;
  readonly skipped: readonly Skipped[];
}

/** An evaluation with what it was made of: what pictures are drawn from. */
export interface Measured {
  readonly result: EvaluateResult;
  readonly images: LabelledImages;
  readonly model: ModelFile;
}

/** Rows of the neighbour collage. */
const exampleCount = 5;

/** Embeds the images and measures what comes of it. */
export async function measureModel(options: EvaluateOptions): Promise<Measured> {
  const { source, baseline = options.report !== undefined, onProgress, signal, threads, device } = options;
  const embedder = await Embedder.open(options.model, { threads, device });
  try {
    const open = { ...options.open, onProgress, signal };
    const images = await openImages(source, { ...open, split: 'test' });
    const train = await trainingImages(source, images, open);

    const startedAt = performance.now();
    const embed = async (set: LabelledImages) => ({
      embeddings: await embedImages(embedder, set, { onProgress, signal }),
      labels: set.labels,
      classNames: set.classNames,
    });
    const test = await embed(images);
    const embedded = (performance.now() - startedAt) / 1000;
    const evaluation = await evaluateEmbeddings({
      test,
      train: train && (await embed(train)),
      dimension: embedder.dimension,
      exampleQueries: exampleQueries(images),
      threads,
      onProgress,
      signal,
    });
    const seconds = (performance.now() - startedAt) / 1000;

    const { model } = embedder;
    const result: EvaluateResult = {
      model: options.model,
      modelId: model.id,
      source: images.name,
      evaluation,
      baseline: baseline ? await measureBaseline(images, options) : null,
      loss: model.metadata.training.lossByEpoch.at(-1) ?? null,
      images: images.length,
      seconds,
      imagesPerSecond: images.length / embedded,
      report: null,
      skipped: images.skipped,
    };
    return { result, images, model };
  } finally {
    await embedder.release();
  }
}

/** The training split, where a vote of its images makes sense: it is another split, with classes in common. */
async function trainingImages(source: string, images: LabelledImages, open: OpenOptions) {
  const { name, split } = parseSourceSpec(source);
  if (split === 'train' || split === 'all') return undefined;
  const train = await openImages(`${name}:train`, open);
  const tested = new Set(images.classNames);
  return train.classNames.some((className) => tested.has(className)) ? train : undefined;
}

/** One image each of classes drawn at random, of those with more than one. */
function exampleQueries(images: LabelledImages): number[] {
  const random = Random.of(0, 'examples');
  const counts = classCounts(images);
  const chosen = new Map<number, number>();
  for (const index of random.shuffle([...Array(images.length).keys()])) {
    if (chosen.size === exampleCount) break;
    const label = images.labels[index]!;
    if (counts[label]! > 1 && !chosen.has(label)) chosen.set(label, index);
  }
  return [...chosen.values()];
}

const pixelBatch = 1024;

async function measureBaseline(images: LabelledImages, { onProgress, signal, threads }: EvaluateOptions) {
  const embeddings = new Float32Array(images.length * pixelBaselineDimension);
  for (let first = 0; first < images.length; first += pixelBatch) {
    const count = Math.min(pixelBatch, images.length - first);
    const indices = Int32Array.from({ length: count }, (_, i) => first + i);
    embeddings.set(
      pixelBaseline(await images.pixels(indices, pixelBaselineSize)),
      first * pixelBaselineDimension,
    );
  }
  const { precisionAt1, rPrecision } = await evaluateEmbeddings({
    test: { embeddings, labels: images.labels, classNames: images.classNames },
    dimension: pixelBaselineDimension,
    threads,
    onProgress,
    signal,
  });
  return { precisionAt1, rPrecision };
}
