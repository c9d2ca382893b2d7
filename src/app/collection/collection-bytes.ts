import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Of its files. */
export interface CollectionBytes {
  /** The catalog with what it has not taken in yet (WAL). */
  readonly catalog: number;
  readonly models: number;
  readonly index: number;
  /** Files that were sent to a server, which are images of the collection like others. */
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
    if (path.startsWith(join(directory, 'catalog.sqlite'))) bytes.catalog += size;
    else if (path.startsWith(join(directory, 'models'))) bytes.models += size;
    else if (path.startsWith(join(directory, 'index'))) bytes.index += size;
    else if (path.startsWith(join(directory, 'uploads'))) bytes.uploads += size;
  }
  return bytes;
}
