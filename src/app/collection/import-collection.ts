import { existsSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import type { CatalogModel } from '../../collection/catalog/vector-table.js';
import { Collection, isCollection, type NewModel } from '../../collection/collection.js';
import { ImagekinError } from '../../core/errors.js';
import type { OnProgress, Skipped } from '../../core/progress.js';
import type { BackboneFlags } from '../../embedding/backbone/backbone-spec.js';
import { openModel } from '../../embedding/open-model.js';
import type { ExchangeFormatName, ForeignBlock, ForeignImage } from './exchange/exchange-format.js';
import { exchangeFormats } from './exchange/exchange-formats.js';
import { type ImportedImage, imageOfFields } from './exchange/image-of-fields.js';
import { unitRows } from './exchange/unit-rows.js';
import { exchangeFormatOf } from './export-collection.js';
import { modelName } from './model-name.js';
import { saveIndex } from './save-index.js';

export interface ImportOptions {
  /** Made where there is none. */
  readonly collection: string;
  readonly file: string;
  /** Default: by the extension of the file. */
  readonly format?: ExchangeFormatName;
  /** The model that made the vectors: a file, or the name of a model that was pulled. It goes into the collection. */
  readonly model?: string;
  readonly backbone?: BackboneFlags;
  /** What to call the model that made the vectors, where there is no file of it. */
  readonly modelId?: string;
  /** What the vectors must be long. */
  readonly dimension?: number;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

export interface ImportResult {
  /** `false` where the signal stopped it; what was imported by then is kept, and importing again does no harm. */
  readonly finished: boolean;
  readonly collection: string;
  readonly file: string;
  readonly format: ExchangeFormatName;
  /** What the model is called, and its id. */
  readonly model: string;
  readonly modelId: string;
  readonly dimension: number;
  /** Images that were not there before. */
  readonly added: number;
  /** Images that were, and have what the file says now. */
  readonly updated: number;
  /** Vectors that were not of unit length, and are now. */
  readonly normalized: number;
  readonly skipped: readonly Skipped[];
  readonly seconds: number;
  readonly imagesPerSecond: number;
}

/**
 * Takes images with their vectors from a file into a collection, as `exportCollection` and `embed` write them, or others.
 * Images that the collection has at the same place get what the file says. Rows that are of no use are skipped and listed.
 * Memory does not grow with their number, but for the index, which is written in the end as `add` does.
 * @throws `source-damaged`; `model-mismatch` where the vectors are not of the model of the collection; `wrong-usage` where
 * nobody says which model made them
 */
export async function importCollection(options: ImportOptions): Promise<ImportResult> {
  const { file: path, signal } = options;
  const format = exchangeFormatOf(path, path, options.format);
  if (!existsSync(path))
    throw new ImagekinError('file-not-found', {
      where: path,
      expected: 'a file to import',
      got: 'nothing there',
      fix: 'check the path',
    });
  const skipped: Skipped[] = [];
  const file = await exchangeFormats[format].open(path, (one) => skipped.push(one));
  let collection: Collection | undefined;
  try {
    const blocks = file.blocks();
    // The model that made them may stand in the rows alone.
    const first = await blocks.next();
    const firstRow = first.done ? undefined : first.value.images[0];
    const modelId = file.modelId ?? modelOf(firstRow, path);
    collection = await openFor(options, { dimension: file.dimension, modelId });
    const importer = new Importer(collection, options, skipped);
    const startedAt = performance.now();
    for (let next = first; !next.done && !signal?.aborted; next = await blocks.next()) {
      importer.take(next.value);
      importer.report(file.images);
      // Writing blocks the thread, which is to hear that it shall stop.
      await new Promise<void>((later) => setImmediate(later));
    }
    const { added, updated, normalized } = importer;
    if (added + updated > 0) await saveIndex(collection, { onProgress: options.onProgress, signal });
    const seconds = (performance.now() - startedAt) / 1000;
    return {
      finished: !signal?.aborted,
      collection: options.collection,
      file: path,
      format,
      model: collection.model.name,
      modelId: collection.model.id,
      dimension: file.dimension,
      added,
      updated,
      normalized,
      skipped,
      seconds,
      imagesPerSecond: (added + updated) / seconds,
    };
  } finally {
    await file.close();
    collection?.close();
  }
}

function modelOf(row: ForeignImage | undefined, path: string): string | undefined {
  const image = row && imageOfFields(row, path);
  return typeof image === 'object' ? image.model : undefined;
}

/** Writes what comes block by block, each in one go. */
class Importer {
  added = 0;
  updated = 0;
  normalized = 0;
  readonly #sources = new Map<string, number>();
  readonly #model: CatalogModel;
  readonly #names: ReadonlySet<string>;

  constructor(
    private readonly collection: Collection,
    private readonly options: ImportOptions,
    private readonly skipped: Skipped[],
  ) {
    this.#model = collection.model;
    const { modelId } = options;
    this.#names = new Set([this.#model.id, ...(modelId === undefined ? [] : [modelId])]);
  }

  take({ images, vectors }: ForeignBlock): void {
    const { dimension } = this.#model;
    const unit = unitRows(vectors, dimension);
    this.normalized += unit.normalized;
    for (const { row, reason } of unit.wrong) this.#skip(images[row]!, reason);
    const found: ImportedImage[] = [];
    let kept = 0;
    for (const [at, row] of unit.kept.entries()) {
      const image = this.#imageOf(images[row]!);
      if (image === undefined) continue;
      if (kept < at) unit.vectors.copyWithin(kept * dimension, at * dimension, (at + 1) * dimension);
      found.push(image);
      kept++;
    }
    if (kept > 0) this.#write(found, unit.vectors.subarray(0, kept * dimension));
  }

  report(total: number | undefined): void {
    const done = this.added + this.updated + this.skipped.length;
    this.options.onProgress?.({
      task: 'importing',
      done,
      ...(total !== undefined && { total }),
      unit: 'images',
    });
  }

  #imageOf(row: ForeignImage): ImportedImage | undefined {
    const image = imageOfFields(row, this.options.file);
    if (typeof image === 'string') return this.#skip(row, image);
    if (image.model === undefined || this.#names.has(image.model)) return image;
    return this.#skip(row, `a vector of another model, ${image.model.slice(0, 12)}`);
  }

  #skip({ where }: ForeignImage, reason: string): undefined {
    this.skipped.push({ path: `${this.options.file}: ${where}`, reason });
  }

  #write(images: readonly ImportedImage[], vectors: Float32Array): void {
    const { catalog } = this.collection;
    catalog.write(() => {
      requireSameModel(this.collection, this.#model);
      const [before] = catalog.db.row<[number | null]>('SELECT max(id) FROM images')!;
      const ids = catalog.images.put(
        images.map(({ source, model: _, ...image }) => ({ ...image, source: this.#sourceOf(source) })),
      );
      catalog.models.vectors(this.#model).put(ids, vectors);
      const distinct = new Set(ids);
      const added = [...distinct].filter((id) => id > (before ?? 0)).length;
      this.added += added;
      this.updated += distinct.size - added;
    });
  }

  #sourceOf(spec: string): number {
    const known = this.#sources.get(spec);
    if (known !== undefined) return known;
    const { number } = this.collection.catalog.sources.add(spec, isAbsolute(spec) ? spec : null);
    this.#sources.set(spec, number);
    return number;
  }
}

/** Another process may have changed it. */
function requireSameModel(collection: Collection, model: CatalogModel): void {
  const now = collection.model;
  if (now.number === model.number) return;
  throw new ImagekinError('model-mismatch', {
    where: collection.directory,
    expected: `the model that it had, ${model.name}`,
    got: `${now.name}, to which another process has changed it`,
    fix: 'import vectors of that model',
  });
}

interface Found {
  readonly dimension: number;
  readonly modelId: string | undefined;
}

/** The collection, made where there is none, if the vectors are such as it can take. */
async function openFor(options: ImportOptions, { dimension, modelId }: Found): Promise<Collection> {
  const { collection: directory, file, model: path } = options;
  const given = path === undefined ? undefined : await openModel(path, { backbone: options.backbone });
  const wanted = given?.id ?? options.modelId ?? modelId;
  const length = given?.dimension ?? options.dimension ?? dimension;
  if (length !== dimension)
    throw mismatch(file, `vectors of ${length} numbers`, `${dimension}`, 'give vectors of that model');
  const named = options.modelId ?? given?.id;
  if (modelId !== undefined && named !== undefined && !isMeant(named, { id: modelId, name: modelId }))
    throw mismatch(file, `vectors of ${named}`, `vectors of ${modelId}`, 'name the model that made them');
  if (wanted === undefined)
    throw new ImagekinError('wrong-usage', {
      where: file,
      expected: 'to know which model made the vectors',
      got: 'a file that does not say',
      fix: 'give the model by --model <file>, or call it by a name of your own: --model-id <name>',
    });
  const known: NewModel = {
    id: wanted,
    name: path === undefined ? wanted : modelName(path),
    dimension,
    ...(given && { bytes: given.bytes }),
  };
  if (!isCollection(directory)) return Collection.create(directory, known);
  const collection = Collection.open(directory);
  try {
    const { model } = collection;
    if (!isMeant(wanted, model))
      throw mismatch(
        file,
        `vectors of the model of ${directory}, ${model.name} (${model.id.slice(0, 12)})`,
        `vectors of ${wanted.slice(0, 12)}`,
        `import them into another collection, or make them with that model`,
      );
    if (model.dimension !== dimension)
      throw mismatch(
        file,
        `vectors of ${model.dimension} numbers, as ${model.name} makes them`,
        `${dimension}`,
        'give vectors of that model',
      );
    if (given && !model.hasFile) await collection.addModel({ ...known, id: model.id });
    return collection;
  } catch (error) {
    collection.close();
    throw error;
  }
}

/** Whether a model is the one that is called so: by its id, the beginning of it, or its name. */
function isMeant(called: string, { id, name }: { readonly id: string; readonly name: string }): boolean {
  return called === id || called === name || (called.length >= 8 && id.startsWith(called));
}

function mismatch(where: string, expected: string, got: string, fix: string): ImagekinError {
  return new ImagekinError('model-mismatch', { where, expected, got, fix });
}
