import { basename, resolve } from 'node:path';
import type { Device } from '../core/device.js';
import { ImagekinError } from '../core/errors.js';
import { writeFileAtomic } from '../core/files.js';
import type { OnProgress, Skipped } from '../core/progress.js';
import type { LabelledImages } from '../data/labelled-images.js';
import type { OpenOptions } from '../data/open-options.js';
import { openImages, parseSourceSpec } from '../data/source.js';
import type { BackboneFlags } from '../embedding/backbone/backbone-spec.js';
import { embedImages } from '../embedding/embed-images.js';
import { Embedder } from '../embedding/embedder.js';
import { type ModelMetadata, withCalibration } from '../embedding/model-file.js';
import { modelPath } from '../embedding/open-model.js';
import {
  type CalibrationRequest,
  type CalibrationSource,
  calibrateEmbeddings,
  type StoredCalibration,
} from '../evaluation/calibration/index.js';
import { calibrationFormat } from '../evaluation/calibration/stored-calibration.js';
import { reliabilityDiagram } from '../report/charts/reliability-diagram.js';
import { renderFigure } from '../report/figure.js';
import { calibrationNotes } from './calibration-notes.js';
import { requireWritableFile } from './require-writable.js';

export interface CalibrateOptions
  extends Pick<
    CalibrationRequest,
    'population' | 'method' | 'halvedBy' | 'targets' | 'bins' | 'withheldShare' | 'seed'
  > {
  /** Path of a model file. */
  readonly model: string;
  /** A source; its test split is taken unless it names another. */
  readonly source: string;
  /** Where the calibrated model goes. Default: in its own place. */
  readonly out?: string;
  /** Path of a PNG file for a reliability diagram. */
  readonly chart?: string;
  /** How a model from elsewhere is to be used, as far as it is not found out. */
  readonly backbone?: BackboneFlags;
  readonly threads?: number;
  /** What runs the model. Default: `cpu`, the only one that has been tried. */
  readonly device?: Device;
  readonly open?: OpenOptions;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

export interface CalibrateResult {
  /** Path of the calibrated model file. */
  readonly model: string;
  /** That of the model as it was before: a calibration does not change it. */
  readonly modelId: string;
  readonly calibration: StoredCalibration;
  /** Reasons to take the figures with care, as sentences. */
  readonly warnings: readonly string[];
  /** What else to know of them. */
  readonly notes: readonly string[];
  /** Path of the diagram. */
  readonly chart: string | null;
  readonly skipped: readonly Skipped[];
}

/**
 * Learns what the scores of a model mean from images with labels, and writes it into the model file.
 * @throws those of `calibrateEmbeddings` where the images are too few; then nothing is written
 */
export async function calibrateModel(options: CalibrateOptions): Promise<CalibrateResult> {
  const { out = modelPath(options.model), chart, onProgress, signal, threads, device, backbone } = options;
  for (const path of [out, ...(chart === undefined ? [] : [chart])]) await requireWritableFile(path);
  const embedder = await Embedder.open(options.model, { threads, device, backbone });
  try {
    const { model } = embedder;
    if (model.isWrappedInMemory && resolve(out) === resolve(options.model)) throw inItsOwnPlace(out);
    const images = await openImages(options.source, { ...options.open, split: 'test', onProgress, signal });
    const calibration: StoredCalibration = {
      format: calibrationFormat,
      source: {
        ...describeSource(images, model.metadata.data),
        isTrainingData: await holdsTrainingImages(images, model.metadata.data, options),
      },
      ...(await calibrateEmbeddings({
        set: {
          embeddings: await embedImages(embedder, images, { onProgress, signal }),
          labels: images.labels,
          classNames: images.classNames,
        },
        dimension: embedder.dimension,
        population: options.population,
        method: options.method,
        halvedBy: options.halvedBy,
        targets: options.targets,
        bins: options.bins,
        withheldShare: options.withheldShare,
        seed: options.seed,
        threads,
        signal,
        onProgress,
      })),
    };
    await writeFileAtomic(out, withCalibration(model, calibration));
    if (chart !== undefined)
      await writeFileAtomic(chart, renderFigure(reliabilityDiagram(calibration.heldOut)));
    return {
      model: out,
      modelId: model.id,
      calibration,
      ...calibrationNotes(calibration),
      chart: chart ?? null,
      skipped: images.skipped,
    };
  } finally {
    await embedder.release();
  }
}

/** A file that somebody else has written is not written over. */
function inItsOwnPlace(where: string): ImagekinError {
  return new ImagekinError('wrong-usage', {
    where,
    expected: 'another place for the calibrated model than that of a model from elsewhere',
    got: 'none',
    fix: 'name one with -o',
  });
}

/**
 * Whether the model was trained on these images or some of them, as far as fingerprints tell: on just these, on the training
 * split where these are the whole of a source, or on the whole where these are a part.
 */
async function holdsTrainingImages(
  images: LabelledImages,
  trained: ModelMetadata['data'],
  { source, open, signal }: CalibrateOptions,
): Promise<boolean> {
  if (trained === null) return false;
  if (images.fingerprint === trained.fingerprint) return true;
  const { name, split } = parseSourceSpec(source);
  const other = split === 'all' ? 'train' : trained.name.endsWith(':all') ? 'all' : undefined;
  if (other === undefined) return false;
  const others = await openImages(`${name}:${other}`, { ...open, signal });
  return others.fingerprint === trained.fingerprint;
}

function describeSource(
  images: LabelledImages,
  trained: ModelMetadata['data'],
): Omit<CalibrationSource, 'isTrainingData'> {
  const seen = new Set(trained?.classes);
  const present = new Set(images.labels);
  return {
    // Without the way to it, as in the model's own metadata.
    name: basename(images.name),
    fingerprint: images.fingerprint,
    images: images.length,
    classes: present.size,
    seenClasses: images.classNames.filter((className, c) => present.has(c) && seen.has(className)).length,
  };
}
