import { rm } from 'node:fs/promises';
import type { ImageRecord } from '../../collection/catalog/image-record.js';
import { absent, present } from '../../collection/catalog/image-table.js';
import { Collection } from '../../collection/collection.js';
import { ImagekinError } from '../../core/errors.js';
import { removeLeftovers, writeChunksAtomic } from '../../core/files.js';
import type { OnProgress } from '../../core/progress.js';
import { requireWritableFile } from '../require-writable.js';
import { type ExchangeFormatName, exchangeFormatNames, imagesPath } from './exchange/exchange-format.js';
import { exchangeFormats } from './exchange/exchange-formats.js';
import type { ExchangedBlock, ExchangedImage, ExportedCollection } from './exchange/exchanged-image.js';
import { imageLines } from './exchange/jsonl-format.js';

export interface ExportOptions {
  readonly collection: string;
  /** Where it goes. */
  readonly out: string;
  /** Default: by the extension of `out`. */
  readonly format?: ExchangeFormatName;
  /** CSV: with the vectors. Default false. */
  readonly vectors?: boolean;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

export interface ExportResult {
  readonly collection: string;
  readonly out: string;
  readonly format: ExchangeFormatName;
  /** Path of the file that says what the rows are of; `null` where `out` says so itself. */
  readonly imagesFile: string | null;
  readonly images: number;
  readonly dimension: number;
  /** What the model is called, and its id. */
  readonly model: string;
  readonly modelId: string;
  /** Images that are there, but have no vector, and were left out. */
  readonly withoutVector: number;
  /** Images whose files are gone, and that were left out. */
  readonly missing: number;
  readonly seconds: number;
}

/** Images that are read together. */
const imagesAtOnce = 1024;

/**
 * Writes the images of a collection that are there, and their vectors, to a file: all as of one moment, whoever changes the
 * collection meanwhile. Memory does not grow with their number.
 */
export async function exportCollection(options: ExportOptions): Promise<ExportResult> {
  const startedAt = performance.now();
  const { out, vectors = false } = options;
  const format = exchangeFormatOf('--out', out, options.format);
  const { chunks, vectorsOnly } = exchangeFormats[format];
  await requireWritableFile(out);
  const collection = Collection.openToRead(options.collection);
  const { catalog } = collection;
  // Until the end, so that every pass sees the same.
  catalog.db.exec('BEGIN');
  try {
    const model = collection.model;
    const exported = exportedOf(collection, options);
    const imagesFile = vectorsOnly ? imagesPath(out) : null;
    if (imagesFile !== null) {
      // The vectors last: where they are, everything is. Those of an earlier export are of other images.
      await rm(out, { force: true });
      await removeLeftovers(imagesFile);
      await writeChunksAtomic(imagesFile, imageLines(exported));
    }
    await removeLeftovers(out);
    await writeChunksAtomic(out, chunks(exported, { vectors }));
    return {
      collection: options.collection,
      out,
      format,
      imagesFile,
      images: exported.images,
      dimension: model.dimension,
      model: model.name,
      modelId: model.id,
      withoutVector: catalog.models.vectors(model).countWithout(),
      missing: catalog.images.count(absent),
      seconds: (performance.now() - startedAt) / 1000,
    };
  } finally {
    collection.close();
  }
}

/** @throws `wrong-usage` for an extension that says nothing */
export function exchangeFormatOf(
  where: string,
  path: string,
  format?: ExchangeFormatName,
): ExchangeFormatName {
  const found =
    format ??
    exchangeFormatNames.find((name) => path.toLowerCase().endsWith(exchangeFormats[name].extension));
  if (found !== undefined) return found;
  throw new ImagekinError('wrong-usage', {
    where,
    expected: `a file that ends with ${exchangeFormatNames.map((name) => exchangeFormats[name].extension).join(', ')}`,
    got: `"${path}"`,
    fix: 'name such a file, or give the format by --format',
  });
}

function exportedOf(collection: Collection, { onProgress, signal }: ExportOptions): ExportedCollection {
  const { catalog, model, vectors } = collection;
  const images = vectors.count();
  const sources = new Map(catalog.sources.all().map(({ number, spec }) => [number, spec]));
  const factsOf = (image: ImageRecord): ExchangedImage => ({
    id: image.id,
    name: image.name,
    path: image.path,
    ...(image.entry !== '' && { entry: image.entry }),
    ...known('archived', image.archived),
    source: sources.get(image.source)!,
    ...known('size', image.size),
    ...known('mtime', image.mtime),
    ...known('sha256', image.sha256),
    ...known('width', image.width),
    ...known('height', image.height),
    ...known('format', image.format),
    ...known('label', image.label),
    ...known('split', image.split),
    addedAt: image.addedAt,
    ...(Object.keys(image.metadata).length > 0 && { metadata: image.metadata }),
    model: model.id,
  });

  function* blocks(): Generator<ExchangedBlock> {
    let done = 0;
    const block = (records: readonly ImageRecord[]): ExchangedBlock => {
      signal?.throwIfAborted();
      const found = vectors.of(Uint32Array.from(records, ({ id }) => id));
      const withVector = new Set(found.ids);
      done += found.ids.length;
      onProgress?.({ task: 'exporting', done, total: images, unit: 'images' });
      return {
        images: records.filter(({ id }) => withVector.has(id)).map(factsOf),
        vectors: found.vectors,
      };
    };
    let records: ImageRecord[] = [];
    for (const record of catalog.images.each(present)) {
      records.push(record);
      if (records.length < imagesAtOnce) continue;
      yield block(records);
      records = [];
    }
    if (records.length > 0) yield block(records);
  }
  const metadataNames = () => {
    const names = catalog.db.json<string>(
      'name',
      '(SELECT DISTINCT entries.key AS name FROM images, json_each(images.metadata) AS entries WHERE missing_since IS NULL)',
    );
    return names.sort();
  };
  return { images, dimension: model.dimension, modelId: model.id, metadataNames, blocks };
}

function known<Name extends string, Value>(
  name: Name,
  value: Value | null,
): { readonly [K in Name]?: Value } {
  return (value === null ? {} : { [name]: value }) as { readonly [K in Name]?: Value };
}
