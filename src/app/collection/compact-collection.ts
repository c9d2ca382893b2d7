import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import type { Catalog } from '../../collection/catalog/catalog.js';
import { absent } from '../../collection/catalog/image-table.js';
import type { CatalogModel } from '../../collection/catalog/vector-table.js';
import { Collection } from '../../collection/collection.js';
import { ImagekinError } from '../../core/errors.js';
import type { OnProgress } from '../../core/progress.js';
import { bytesOf } from './collection-bytes.js';
import { findLeftovers, removeLeftovers } from './leftovers.js';

export interface CompactOptions {
  readonly collection: string;
  /** Remove images whose files are gone. Default false. */
  readonly missing?: boolean;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

export interface CompactResult {
  /** `false` where the signal stopped it; what it has done by then stays done. */
  readonly finished: boolean;
  readonly collection: string;
  /** What was removed. */
  readonly removed: {
    readonly missingImages: number;
    /** Of models that are no longer searched. */
    readonly vectors: number;
    readonly models: number;
    readonly previews: number;
    /** Files that killed processes have left. */
    readonly leftovers: number;
  };
  readonly bytesBefore: number;
  readonly bytesAfter: number;
  /** Whether the log of the catalog could be emptied too; not while another process reads. */
  readonly logEmptied: boolean;
  readonly seconds: number;
}

/**
 * Removes what nobody needs any more, and gives the room back to the disk. Others may read and write meanwhile, but that
 * writers wait while SQLite writes the catalog anew. It may be killed at any moment.
 * @throws `file-not-writable` where there is not the room to write the catalog anew; `collection-busy` where another process
 * does not let it
 */
export async function compactCollection(options: CompactOptions): Promise<CompactResult> {
  const { collection: directory, missing = false, signal } = options;
  const startedAt = performance.now();
  const collection = Collection.open(directory);
  try {
    const bytesBefore = (await bytesOf(directory)).total;
    const { catalog } = collection;
    const missingImages = missing ? await removeMissing(catalog, options) : 0;
    const old = await removeOldModels(catalog, options);
    const leftovers = await findLeftovers(collection);
    await removeLeftovers(leftovers);
    const previews = catalog.write(() =>
      catalog.db.run(
        'DELETE FROM previews WHERE NOT EXISTS (SELECT 1 FROM images WHERE images.id = previews.image)',
      ),
    );
    collection.removeUnknownModels();
    let logEmptied = false;
    if (!signal?.aborted) {
      await requireRoom(catalog, directory);
      options.onProgress?.({ task: 'writing the catalog anew', done: 0, unit: 'steps' });
      catalog.db.exec('VACUUM');
      logEmptied = catalog.db.row<[number]>('PRAGMA wal_checkpoint(TRUNCATE)')![0] === 0;
    }
    return {
      finished: !signal?.aborted,
      collection: directory,
      removed: { missingImages, ...old, previews, leftovers: leftovers.length },
      bytesBefore,
      bytesAfter: (await bytesOf(directory)).total,
      logEmptied,
      seconds: (performance.now() - startedAt) / 1000,
    };
  } finally {
    collection.close();
  }
}

/** Rows that are removed in one go: others wait no longer than that takes. */
const rowsAtOnce = 2000;

async function removeMissing(catalog: Catalog, { onProgress, signal }: CompactOptions): Promise<number> {
  const total = catalog.images.count(absent);
  let done = 0;
  while (!signal?.aborted) {
    const removed = catalog.write(() => catalog.images.remove(catalog.images.missingIds(rowsAtOnce)));
    if (removed === 0) break;
    done += removed;
    onProgress?.({ task: 'removing missing images', done, total: Math.max(done, total), unit: 'images' });
    await nextTurn();
  }
  return done;
}

/** Vectors of models that are neither searched nor about to be, and then the models. */
async function removeOldModels(
  catalog: Catalog,
  options: CompactOptions,
): Promise<{ readonly vectors: number; readonly models: number }> {
  const counts = { vectors: 0, models: 0 };
  for (const model of catalog.models.all()) {
    const { vectors, forgotten } = await removeModel(catalog, model, options);
    counts.vectors += vectors;
    if (forgotten) counts.models++;
  }
  return counts;
}

/**
 * Removes the vectors of a model, and the model, unless it is in use.
 * @returns how many vectors there were, and whether it is gone
 */
export async function removeModel(
  catalog: Catalog,
  model: CatalogModel,
  { onProgress, signal }: Pick<CompactOptions, 'onProgress' | 'signal'>,
): Promise<{ readonly vectors: number; readonly forgotten: boolean }> {
  const table = catalog.models.vectors(model);
  const total = table.countAll();
  let vectors = 0;
  while (!signal?.aborted) {
    const removed = catalog.write(() => {
      // Another process may just begin to make it the next one.
      if (isInUse(catalog, model)) return undefined;
      const some = table.removeSome(rowsAtOnce);
      if (some === 0) catalog.models.forget(model);
      return some;
    });
    if (removed === undefined) return { vectors, forgotten: false };
    if (removed === 0) return { vectors, forgotten: true };
    vectors += removed;
    onProgress?.({
      task: 'removing old vectors',
      done: vectors,
      total: Math.max(total, vectors),
      unit: 'vectors',
    });
    await nextTurn();
  }
  return { vectors, forgotten: false };
}

function isInUse({ models }: Catalog, { number }: CatalogModel): boolean {
  return models.active()?.number === number || models.next()?.number === number;
}

/** SQLite writes the catalog to a temporary file, and then into its log. */
async function requireRoom({ db }: Catalog, directory: string): Promise<void> {
  const [[pages], [free], [pageBytes]] = ['page_count', 'freelist_count', 'page_size'].map(
    (name) => db.row<[number]>(`PRAGMA ${name}`)!,
  ) as [[number], [number], [number]];
  const needed = (pages - free) * pageBytes;
  for (const place of [directory, temporaryPlace()]) {
    const { bavail, bsize } = await statfs(place);
    if (bavail * bsize >= needed) continue;
    throw new ImagekinError('file-not-writable', {
      where: place,
      expected: `${megabytes(needed)} to write the catalog anew`,
      got: `${megabytes(bavail * bsize)} that are free`,
      fix: 'make room, or name another place for temporary files by SQLITE_TMPDIR',
    });
  }
}

/** Where SQLite puts temporary files. */
function temporaryPlace(): string {
  const { SQLITE_TMPDIR, TMPDIR } = process.env;
  const places = [SQLITE_TMPDIR, TMPDIR, '/var/tmp', '/usr/tmp', '/tmp'];
  return places.find((place) => place !== undefined && existsSync(place)) ?? tmpdir();
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1e6).toLocaleString('en')} MB`;
}

function nextTurn(): Promise<void> {
  return new Promise((later) => setImmediate(later));
}
