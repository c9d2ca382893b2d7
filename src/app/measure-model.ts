import { resolve } from 'node:path';
import type { Device } from '../core/device.js';
import { ImagekinError } from '../core/errors.js';
import type { OnProgress, Skipped } from '../core/progress.js';
import { Random } from '../core/random.js';
import { classCounts, type LabelledImages } from '../data/labelled-images.js';
import type { OpenOptions } from '../data/open-options.js';
import { openImages, parseSourceSpec } from '../data/source.js';
import type { BackboneFlags } from '../embedding/backbone/backbone-spec.js';
import { embedImages } from '../embedding/embed-images.js';
import { Embedder } from '../embedding/embedder.js';
import type { ModelFile } from '../embedding/model-file.js';
import { compareQueries, type Differences } from '../evaluation/compare-queries.js';
import {
  evaluateEmbeddings,
  type MeasuredEmbeddings,
  measureEmbeddings,
} from '../evaluation/evaluate-embeddings.js';
import type { Evaluation } from '../evaluation/evaluation.js';
import { pixelBaseline, pixelBaselineDimension, pixelBaselineSize } from '../evaluation/pixel-baseline.js';

export interface EvaluateOptions {
  /** Path of a model file. */
  readonly model: string;
  /** A source; its test split is taken unless it names another. */
  readonly source: string;
  /** A source to search in, all of it unless it names a split. Default: every image is looked for among the others. */
  readonly gallery?: string;
  /** Path of a second model, measured on the same queries and compared with the first. */
  readonly compare?: string;
  /** The k of precision@k, recall@k and NDCG@k. Default 1 and 10. */
  readonly ks?: readonly number[];
  /** Also cluster the images, for NMI and AMI. */
  readonly clusters?: boolean;
  /** Resamples of the intervals; 0 for none. Default 1000. */
  readonly bootstrap?: number;
  /** Directory for a report with pictures. */
  readonly report?: string;
  /** Also measure raw 16×16 pixels, the floor. Default: with a report. */
  readonly baseline?: boolean;
  /** How a model from elsewhere is to be used, as far as it is not found out. */
  readonly backbone?: BackboneFlags;
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
  /** Name of the source searched in; `null` leave-one-out. */
  readonly gallery: string | null;
  readonly evaluation: Evaluation;
  /** `null` where no second model was named. */
  readonly comparison: Comparison | null;
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

/** A second model beside the first. */
export interface Comparison {
  readonly model: string;
  readonly modelId: string;
  readonly evaluation: Evaluation;
  /** The second model's figures minus the first's, on the same queries. `null` where no intervals are wanted. */
  readonly differences: Differences | null;
}

/** An evaluation with what it was made of: what pictures are drawn from. */
export interface Measured {
  readonly result: EvaluateResult;
  readonly images: LabelledImages;
  /** What was searched; leave-one-out, `images` itself. */
  readonly gallery: LabelledImages;
  readonly model: ModelFile;
}

/** Rows of the neighbour collage. */
const exampleCount = 5;

/** Embeds the images and measures what comes of it. */
export async function measureModel(options: EvaluateOptions): Promise<Measured> {
  const {
    model: path,
    compare,
    baseline = options.report !== undefined,
    threads,
    device,
    backbone,
  } = options;
  const embedders: Embedder[] = [];
  try {
    // Before the sources: a model that is not there should not be told of after a long download.
    for (const file of compare === undefined ? [path] : [path, compare])
      embedders.push(
        await Embedder.open(file, { threads, device, backbone, ignoresUnused: compare !== undefined }),
      );
    const [embedder, second] = embedders;
    const sets = await openSets(options);
    const { images, gallery } = sets;
    const { model } = embedder!;
    const first = await measureOn(sets, embedder!, options);
    const result: EvaluateResult = {
      model: path,
      modelId: model.id,
      source: images.name,
      gallery: gallery ? gallery.name : null,
      evaluation: first.measured.evaluation,
      comparison: second ? await compareWith(second, first, sets, options) : null,
      baseline: baseline ? await measureBaseline(sets, options) : null,
      loss: model.metadata.training.lossByEpoch.at(-1) ?? null,
      images: images.length,
      seconds: first.seconds,
      imagesPerSecond: first.imagesPerSecond,
      report: null,
      skipped: [...images.skipped, ...(gallery?.skipped ?? [])],
    };
    return { result, images, gallery: gallery ?? images, model };
  } finally {
    for (const embedder of embedders) await embedder.release();
  }
}

async function compareWith(
  embedder: Embedder,
  first: MeasuredModel,
  sets: ImageSets,
  options: EvaluateOptions,
): Promise<Comparison> {
  const { measured } = await measureOn(sets, embedder, options);
  const { bootstrap: resamples } = options;
  const differences =
    resamples === 0 ? null : compareQueries(first.measured.figures, measured.figures, { resamples });
  return {
    model: options.compare!,
    modelId: embedder.model.id,
    evaluation: measured.evaluation,
    differences,
  };
}

/** What is embedded for one evaluation. */
interface ImageSets {
  /** The queries. */
  readonly images: LabelledImages;
  /** Left out: leave-one-out. */
  readonly gallery?: LabelledImages;
  /** The voters of the kNN accuracy. */
  readonly train?: LabelledImages;
}

async function openSets(options: EvaluateOptions): Promise<ImageSets> {
  const { source, onProgress, signal } = options;
  const open = { ...options.open, onProgress, signal };
  const images = await openImages(source, { ...open, split: 'test' });
  const train = await trainingImages(source, images, open);
  if (options.gallery === undefined) return { images, train };
  const gallery = await openImages(options.gallery, open);
  refuseQueriesInGallery(images, gallery);
  return { images, gallery, train };
}

/** A query that finds itself would be right whatever the model. */
function refuseQueriesInGallery(images: LabelledImages, gallery: LabelledImages): void {
  const sourceOf = ({ name }: LabelledImages) => resolve(parseSourceSpec(name).name);
  if (sourceOf(images) !== sourceOf(gallery)) return;
  const ids = (set: LabelledImages) => Array.from({ length: set.length }, (_, index) => set.id(index));
  const searched = new Set(ids(gallery));
  const itself = ids(images).find((id) => searched.has(id));
  if (itself === undefined) return;
  throw new ImagekinError('wrong-usage', {
    where: `gallery ${gallery.name}`,
    expected: 'a set without the queries',
    got: `${itself} in both`,
    fix: `name another split, or no gallery to look for every image of ${images.name} among the others`,
  });
}

interface MeasuredModel {
  readonly measured: MeasuredEmbeddings;
  readonly seconds: number;
  readonly imagesPerSecond: number;
}

async function measureOn(
  { images, gallery, train }: ImageSets,
  embedder: Embedder,
  { threads, ks, clusters, bootstrap, onProgress, signal }: EvaluateOptions,
): Promise<MeasuredModel> {
  const startedAt = performance.now();
  const embed = async (set: LabelledImages) => ({
    embeddings: await embedImages(embedder, set, { onProgress, signal }),
    labels: set.labels,
    classNames: set.classNames,
  });
  const test = await embed(images);
  const embedded = (performance.now() - startedAt) / 1000;
  const measured = await measureEmbeddings({
    test,
    gallery: gallery && (await embed(gallery)),
    train: train && (await embed(train)),
    dimension: embedder.dimension,
    ks,
    clusters,
    bootstrap,
    exampleQueries: exampleQueries(images, gallery),
    threads,
    onProgress,
    signal,
  });
  const seconds = (performance.now() - startedAt) / 1000;
  return { measured, seconds, imagesPerSecond: images.length / embedded };
}

/** The training split, where a vote of its images makes sense: it is another split, with classes in common. */
async function trainingImages(source: string, images: LabelledImages, open: OpenOptions) {
  const { name, split } = parseSourceSpec(source);
  if (split !== undefined && split !== 'test') return undefined;
  const train = await openImages(`${name}:train`, open);
  const tested = new Set(images.classNames);
  return train.classNames.some((className) => tested.has(className)) ? train : undefined;
}

/** One image each of classes drawn at random, of those with something to be found. */
function exampleQueries(images: LabelledImages, gallery?: LabelledImages): number[] {
  const random = Random.of(0, 'examples');
  const counts = classCounts(images);
  const searched = new Set(Array.from(gallery?.labels ?? [], (label) => gallery!.classNames[label]!));
  const canBeFound = (label: number) =>
    gallery ? searched.has(images.classNames[label]!) : counts[label]! > 1;
  const chosen = new Map<number, number>();
  for (const index of random.shuffle([...Array(images.length).keys()])) {
    if (chosen.size === exampleCount) break;
    const label = images.labels[index]!;
    if (canBeFound(label) && !chosen.has(label)) chosen.set(label, index);
  }
  return [...chosen.values()];
}

async function measureBaseline(
  { images, gallery }: ImageSets,
  { onProgress, signal, threads }: EvaluateOptions,
) {
  const { precisionAt1, rPrecision } = await evaluateEmbeddings({
    test: await pixelEmbeddings(images),
    gallery: gallery && (await pixelEmbeddings(gallery)),
    dimension: pixelBaselineDimension,
    bootstrap: 0,
    threads,
    onProgress,
    signal,
  });
  return { precisionAt1, rPrecision };
}

const pixelBatch = 1024;

async function pixelEmbeddings(images: LabelledImages) {
  const embeddings = new Float32Array(images.length * pixelBaselineDimension);
  for (let first = 0; first < images.length; first += pixelBatch) {
    const count = Math.min(pixelBatch, images.length - first);
    const indices = Int32Array.from({ length: count }, (_, i) => first + i);
    embeddings.set(
      pixelBaseline(await images.pixels(indices, pixelBaselineSize)),
      first * pixelBaselineDimension,
    );
  }
  return { embeddings, labels: images.labels, classNames: images.classNames };
}
