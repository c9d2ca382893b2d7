import { readdir, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

/** Of its files. */
export interface CollectionBytes {
  /** The catalog with what it has not taken in yet (WAL). */
  readonly catalog: number;
  readonly models: number;
  readonly index: number;
  /** Images that were sent. */
  readonly uploads: number;
  /** Everything in the folder. */
  readonly total: number;
}

/** Bytes of the files of a collection. */
export async function bytesOf(directory: string): Promise<CollectionBytes> {
  const bytes = { catalog: 0, models: 0, index: 0, uploads: 0, total: 0 };
  const entries = await readdir(directory, { withFileTypes: true, recursive: true });
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    // Another process may just have removed it.
    const size = (await stat(path).catch(() => undefined))?.size ?? 0;
    bytes.total += size;
    const [first] = relative(directory, path).split(sep);
    if (first === 'models' || first === 'index' || first === 'uploads') bytes[first] += size;
    else if (first?.startsWith('catalog.sqlite')) bytes.catalog += size;
  }
  return bytes;
}
