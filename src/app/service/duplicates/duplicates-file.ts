import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Static, Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { writeFileAtomic } from '../../../core/files.js';

const version = 1;

/** What the last job `duplicates` found, as it lies in the folder of the collection. May be deleted at any time. */
export const StoredDuplicates = Type.Object({
  version: Type.Literal(version),
  /** Number of the last write to the catalog that it knows of. */
  change: Type.Integer(),
  modelId: Type.String(),
  /** ISO 8601. */
  computedAt: Type.String(),
  nearDistance: Type.Integer(),
  groups: Type.Array(
    Type.Object({
      distance: Type.Integer(),
      /** The best first: the id, and the SHA-256 of the bytes that were compared. */
      images: Type.Array(Type.Tuple([Type.Integer(), Type.Union([Type.String(), Type.Null()])])),
    }),
  ),
});
export type StoredDuplicates = Static<typeof StoredDuplicates>;
export type StoredGroup = StoredDuplicates['groups'][number];

function duplicatesPath(collection: string): string {
  return join(collection, 'derived', 'duplicates.json');
}

export async function writeDuplicates(
  collection: string,
  found: Omit<StoredDuplicates, 'version'>,
): Promise<void> {
  await writeFileAtomic(duplicatesPath(collection), JSON.stringify({ version, ...found }));
}

/** Reads what was found, anew only where it has been written since. */
export class DuplicatesFile {
  #read: { readonly written: string; readonly found: StoredDuplicates | undefined } | undefined;

  constructor(private readonly collection: string) {}

  /** `undefined` where there is none, or one that is of no use. */
  async read(): Promise<StoredDuplicates | undefined> {
    const path = duplicatesPath(this.collection);
    const stats = await stat(path).catch(() => undefined);
    // Another file by rename, even where it is of the same length and millisecond.
    const written = stats && `${stats.ino} ${stats.mtimeMs} ${stats.size}`;
    if (written === undefined) return undefined;
    if (this.#read?.written !== written) this.#read = { written, found: await parsed(path) };
    return this.#read.found;
  }
}

async function parsed(path: string): Promise<StoredDuplicates | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'));
    return Value.Check(StoredDuplicates, value) ? value : undefined;
  } catch {
    return undefined;
  }
}
