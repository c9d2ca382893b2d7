import type { Device } from '../core/device.js';
import { ImagekinError, messageOf } from '../core/errors.js';
import { writeFileAtomic } from '../core/files.js';
import type { OnProgress, Skipped } from '../core/progress.js';
import type { LabelledImages } from '../data/labelled-images.js';
import type { OpenOptions } from '../data/open-options.js';
import { openImages } from '../data/source.js';
import type { BackboneFlags } from '../embedding/backbone/backbone-spec.js';
import { embedImages, type PixelSource } from '../embedding/embed-images.js';
import { Embedder } from '../embedding/embedder.js';
import { nearestNeighbours } from '../engine/index.js';
import { probabilityOf, readCalibration } from '../evaluation/calibration/index.js';
import { decodeImageTo } from '../image/decode.js';
import type { Image } from '../image/image.js';
import { contactSheet } from '../report/contact-sheet.js';
import { type Figure, renderFigure } from '../report/figure.js';
import { neighbourCollage } from '../report/neighbour-collage.js';
import { requireWritableFile } from './require-writable.js';
import { imagesAt } from './thumbnails.js';

export interface SearchOptions {
  /** Where to search: a source (`cifar10:test`, `./photos`, `photos.zip`, `-`). Its images need no labels. */
  readonly gallery: string;
  /** Paths of the images to search for. */
  readonly images: readonly string[];
  /** Path of a model file. */
  readonly model: string;
  /** Results per image. Default 10. */
  readonly k?: number;
  /** Only hits that are of the query's class with at least this probability; the model must be calibrated. */
  readonly minProbability?: number;
  /** Path of a PNG file for a picture of the results. */
  readonly sheet?: string;
  /** How a model from elsewhere is to be used, as far as it is not found out. */
  readonly backbone?: BackboneFlags;
  readonly threads?: number;
  /** What runs the model. Default: `cpu`, the only one that has been tried. */
  readonly device?: Device;
  readonly open?: OpenOptions;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

export interface SearchHit {
  /** Counts from 1. */
  readonly rank: number;
  readonly id: string;
  readonly label: string;
  /** Cosine similarity, in [−1, 1]. */
  readonly score: number;
  /** That it is of the query's class; only of calibrated models. */
  readonly probability?: number;
}

export interface SearchResult {
  readonly model: string;
  readonly modelId: string;
  readonly gallery: string;
  /** Images searched through. */
  readonly searched: number;
  readonly results: readonly { readonly image: string; readonly hits: readonly SearchHit[] }[];
  /** Path of the picture. */
  readonly sheet: string | null;
  /** Query images and gallery files that could not be used. */
  readonly skipped: readonly Skipped[];
}

/**
 * Finds the nearest images of any image files.
 * @throws the reason of the first, where none of the query images can be used; `wrong-usage` where a probability is asked
 * for of a model that has not been calibrated
 */
export async function searchImages(options: SearchOptions): Promise<SearchResult> {
  if (options.sheet !== undefined) await requireWritableFile(options.sheet);
  const { result, draw } = await search(options);
  if (options.sheet === undefined) return result;
  await writeFileAtomic(options.sheet, renderFigure(await draw()));
  return { ...result, sheet: options.sheet };
}

/** A search, and how to draw what it found. */
export async function search(
  options: SearchOptions,
): Promise<{ readonly result: SearchResult; draw(): Promise<Figure> }> {
  const { images: paths, model, k = 10, threads, device, backbone, onProgress, signal } = options;
  const embedder = await Embedder.open(model, { threads, device, backbone });
  try {
    const probability = calibratedProbability(embedder, options);
    const { queries, skipped } = await decodeQueries(paths, embedder);
    const gallery = await openImages(options.gallery, {
      ...options.open,
      labels: 'optional',
      onProgress,
      signal,
    });
    const blocks = nearestNeighbours({
      queries: await embedImages(embedder, queryPixels(queries)),
      gallery: await embedImages(embedder, gallery, { onProgress, signal }),
      dimension: embedder.dimension,
      k: Math.min(k, gallery.length),
      threads,
      signal,
    });
    const rows: ResultRow[] = [];
    for await (const block of blocks) {
      for (let row = 0; row < block.queryCount; row++) {
        const nearest = [...block.indices.subarray(row * block.k, (row + 1) * block.k)];
        const hits = nearest
          .map((index, i) => {
            const score = block.scores[row * block.k + i]!;
            const label = gallery.classNames[gallery.labels[index]!]!;
            return { rank: i + 1, id: gallery.id(index), label, score, ...probability?.(score) };
          })
          .filter((hit) => (hit.probability ?? 1) >= (options.minProbability ?? 0));
        // The likeliest are the nearest, so those left out are the last.
        rows.push({ ...queries[block.firstQuery + row]!, indices: nearest.slice(0, hits.length), hits });
      }
    }
    const result = {
      model,
      modelId: embedder.model.id,
      gallery: gallery.name,
      searched: gallery.length,
      results: rows.map(({ path, hits }) => ({ image: path, hits })),
      sheet: null,
      skipped: [...skipped, ...gallery.skipped],
    };
    return { result, draw: () => resultFigure(rows, gallery) };
  } finally {
    await embedder.release();
  }
}

/** A hit's probability by its score, where the model says what its scores mean. */
function calibratedProbability({ model }: Embedder, options: SearchOptions) {
  if (model.calibration !== undefined) {
    const { map } = readCalibration(model.calibration, options.model);
    return (score: number) => ({ probability: probabilityOf(map, score) });
  }
  if (options.minProbability === undefined) return undefined;
  throw new ImagekinError('wrong-usage', {
    where: 'search: a least probability',
    expected: 'a calibrated model',
    got: `${options.model}, which is not`,
    fix: `calibrate it first: imagekin calibrate ${options.model} <source>`,
  });
}

interface Query {
  readonly path: string;
  /** At the size of the model's input. */
  readonly image: Image;
}

interface ResultRow extends Query {
  readonly hits: readonly SearchHit[];
  readonly indices: readonly number[];
}

/** The queries as something that is embedded batch by batch. */
function queryPixels(queries: readonly Query[]): PixelSource {
  return {
    name: 'queries',
    length: queries.length,
    pixels: async (indices) => Buffer.concat(Array.from(indices, (i) => queries[i]!.image.data)),
  };
}

async function decodeQueries(paths: readonly string[], embedder: Embedder) {
  if (paths.length === 0) {
    throw new ImagekinError('wrong-usage', {
      where: 'search',
      expected: 'at least one image to search for',
      got: 'none',
      fix: 'name image files',
    });
  }
  const queries: Query[] = [];
  const skipped: Skipped[] = [];
  let firstError: unknown;
  for (const path of paths) {
    try {
      queries.push({ path, image: await decodeImageTo(path, embedder.inputSize, embedder.resize) });
    } catch (error) {
      if (!(error instanceof ImagekinError)) throw error;
      firstError ??= error;
      skipped.push({ path, reason: messageOf(error) });
    }
  }
  if (queries.length === 0) throw firstError;
  return { queries, skipped };
}

/** Size at which queries are drawn, in pixels. */
const querySize = { width: 128, height: 128 };

/** Results as a picture: a sheet for one query, a row each for several. */
async function resultFigure(rows: readonly ResultRow[], gallery: LabelledImages): Promise<Figure> {
  const drawn = await Promise.all(
    rows.map(async ({ path, hits, indices }) => ({
      query: { image: await decodeImageTo(path, querySize, 'contain'), caption: 'query', id: path },
      neighbours: (await imagesAt(gallery, indices)).map((neighbour, i) => ({
        image: neighbour,
        caption: hits[i]!.label,
        detail: hits[i]!.score.toFixed(3),
        id: hits[i]!.id,
      })),
    })),
  );
  const heading = { title: 'Nearest images', subtitle: `in ${gallery.name}` };
  const [only] = drawn;
  return drawn.length === 1 && only
    ? contactSheet(only.neighbours, { ...heading, query: only.query })
    : neighbourCollage(drawn, heading);
}
