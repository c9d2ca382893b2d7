import { jsonParameter } from '../../../collection/catalog/database.js';
import type { CatalogModel } from '../../../collection/catalog/vector-table.js';
import type { Collection } from '../../../collection/collection.js';
import type { OnProgress } from '../../../core/progress.js';
import type { FindingKind, Found } from './finding.js';
import { imageNames } from './image-names.js';

/** How far from 1 the length of a vector may be: half-precision models are that far off. */
const lengthTolerance = 2e-3;
const rowsAtOnce = 4096;

export interface CheckOptions {
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/** Looks at every vector of every model: its length in bytes, its numbers, its norm. */
export async function checkVectors(collection: Collection, options: CheckOptions): Promise<Found[]> {
  const found: Found[] = [];
  for (const model of collection.catalog.models.all())
    found.push(...(await checkVectorsOf(collection, model, options)));
  return found;
}

async function checkVectorsOf(
  collection: Collection,
  model: CatalogModel,
  { onProgress, signal }: CheckOptions,
): Promise<Found[]> {
  const { catalog } = collection;
  const total = catalog.models.vectors(model).countAll();
  const wrong = new Map<FindingKind, number[]>();
  let last = 0;
  let done = 0;
  for (;;) {
    signal?.throwIfAborted();
    // By ids of rows, so that nothing is held open while others go on with the collection. The plus keeps SQLite from the index
    // of models, by which it would go through all rows for each block.
    const rows = catalog.db.rows<[number, number, Buffer]>(
      'SELECT id, image, vector FROM vectors WHERE id > ? AND +model = ? ORDER BY id LIMIT ?',
      last,
      model.number,
      rowsAtOnce,
    );
    for (const [, image, vector] of rows) {
      const kind = wrongOf(vector, model.dimension);
      if (kind === undefined) continue;
      if (!wrong.has(kind)) wrong.set(kind, []);
      wrong.get(kind)!.push(image);
    }
    done += rows.length;
    onProgress?.({ task: 'looking at vectors', done, total: Math.max(done, total), unit: 'vectors' });
    if (rows.length < rowsAtOnce) break;
    last = rows.at(-1)![0];
    await new Promise<void>((later) => setImmediate(later));
  }
  return [...wrong].map(([kind, images]) => ({
    kind,
    count: images.length,
    examples: imageNames(collection, images),
    ...(model.hasFile && { fix: () => queue(collection, model, images) }),
  }));
}

function wrongOf(vector: Buffer, dimension: number): FindingKind | undefined {
  if (vector.length !== 4 * dimension) return 'vectors-malformed';
  let squares = 0;
  // Read where they lie, they may not be aligned as a Float32Array must be.
  const values =
    vector.byteOffset % 4 === 0
      ? new Float32Array(vector.buffer, vector.byteOffset, dimension)
      : new Float32Array(Uint8Array.from(vector).buffer);
  for (const value of values) squares += value * value;
  if (!Number.isFinite(squares)) return 'vectors-not-finite';
  return Math.abs(Math.sqrt(squares) - 1) > lengthTolerance ? 'vectors-not-unit' : undefined;
}

/** Without a vector and with nothing known of its file, an image is embedded by the next `add`, or the next `reindex`. */
function queue({ catalog }: Collection, model: CatalogModel, images: readonly number[]): 'queued' {
  catalog.write(() => {
    catalog.db.run(
      'DELETE FROM vectors WHERE model = ? AND image IN (SELECT value FROM json_each(?))',
      model.number,
      jsonParameter(images),
    );
    if (catalog.models.active()?.number === model.number) catalog.images.forgetStates(images);
  });
  return 'queued';
}
