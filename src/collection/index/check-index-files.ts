import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { VectorTable } from '../catalog/vector-table.js';
import { checksumOf } from './checksum.js';
import { type FileRecord, type IndexManifest, readManifest } from './index-manifest.js';
import { openRowsFile } from './rows-file.js';
import { UnusableFile } from './unusable-file.js';

/** What there is to say of the files of an index. */
export type IndexCheck =
  | { readonly kind: 'none' }
  /** Of vectors that are not searched any more; it is made anew by the next search. */
  | { readonly kind: 'of another model' }
  | { readonly kind: 'sound' }
  | { readonly kind: 'damaged'; readonly reason: string }
  /** Images whose vectors are others than those of the catalog, or that one of the two does not have. */
  | { readonly kind: 'differs'; readonly images: readonly number[] };

const rowsAtOnce = 4096;

/**
 * Reads the files of an index from beginning to end: whether they are as they were written, and hold the vectors that the
 * catalog had then. What has changed since is left out, as searches follow it.
 */
export async function checkIndexFiles(
  directory: string,
  source: VectorTable,
  { signal }: { readonly signal?: AbortSignal } = {},
): Promise<IndexCheck> {
  const path = join(directory, 'manifest.json');
  // Another process may put other files in the place of those that are being looked at.
  for (let attempt = 0; ; attempt++) {
    if (!existsSync(path)) return { kind: 'none' };
    let manifest: IndexManifest | undefined;
    try {
      manifest = await readManifest(path);
      if (manifest.modelId !== source.modelId) return { kind: 'of another model' };
      return await compare(directory, manifest, source, signal);
    } catch (error) {
      if (!(error instanceof UnusableFile)) throw error;
      const now = await readManifest(path).catch(() => undefined);
      const isReplaced = now !== undefined && now.rows.name !== manifest?.rows.name;
      if (!isReplaced || attempt === 3) return { kind: 'damaged', reason: error.message };
    }
  }
}

async function compare(
  directory: string,
  { rows: record, hnsw, modelId, dimension, change, count }: IndexManifest,
  source: VectorTable,
  signal: AbortSignal | undefined,
): Promise<IndexCheck> {
  if (hnsw?.graph) await requireSound(directory, hnsw.graph);
  const expected = { modelId, dimension, change, count, crc32: record.crc32 };
  const rows = await openRowsFile(join(directory, record.name), expected);
  const differing: number[] = [];
  try {
    const scratch = new Float32Array(rowsAtOnce * dimension);
    for (let from = 0; from < count; from += rowsAtOnce) {
      await nextTurn();
      signal?.throwIfAborted();
      const to = Math.min(count, from + rowsAtOnce);
      const ids = rows.ids.subarray(from, to);
      const ours = rows.block(from, to, () => scratch);
      const theirs = source.of(ids);
      let at = 0;
      for (const [i, id] of ids.entries()) {
        const isThere = theirs.ids[at] === id;
        if (!isThere || !isSame(ours, i, theirs.vectors, at, dimension)) differing.push(id);
        if (isThere) at++;
      }
    }
    // Now, so that it is known of all that was read.
    const changed = new Set(source.changedSince(change));
    const images = differing.filter((id) => !changed.has(id));
    const wrong = images.length > 0 ? images : lackingIn(rows.ids, source, changed);
    return wrong.length > 0 ? { kind: 'differs', images: wrong } : { kind: 'sound' };
  } finally {
    await rows.close();
  }
}

/** Images that the catalog has a vector of since before the index was made, and the index does not. */
function lackingIn(ids: Uint32Array, source: VectorTable, changed: ReadonlySet<number>): number[] {
  const known = new Set(ids);
  return Array.from(source.ids()).filter((id) => !known.has(id) && !changed.has(id));
}

function isSame(a: Float32Array, i: number, b: Float32Array, j: number, dimension: number): boolean {
  for (let k = 0; k < dimension; k++)
    if (!Object.is(a[i * dimension + k], b[j * dimension + k])) return false;
  return true;
}

async function requireSound(directory: string, { name, bytes, crc32 }: FileRecord): Promise<void> {
  const file = await open(join(directory, name)).catch((cause) => {
    throw new UnusableFile(`${name}: cannot be opened`, { cause });
  });
  try {
    const { size } = await file.stat();
    if (size !== bytes) throw new UnusableFile(`${name}: ${size} bytes instead of ${bytes}`);
    if ((await checksumOf(file, size)) !== crc32) throw new UnusableFile(`${name}: wrong checksum`);
  } finally {
    await file.close();
  }
}
