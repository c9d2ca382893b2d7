import { stat } from 'node:fs/promises';
import { type Derived, derivedPath, readDerived } from '../derived/derived-state.js';

export const duplicatesFile = 'duplicates.json';

/** What the last job `duplicates` found. */
export interface StoredDuplicates {
  readonly nearDistance: number;
  readonly groups: readonly StoredGroup[];
}

export interface StoredGroup {
  /** Bits by which hashes differ from that of the best one, at most. */
  readonly distance: number;
  /** The best first: the id, and the SHA-256 of the bytes that were compared. */
  readonly images: readonly (readonly [id: number, sha256: string | null])[];
}

/** Reads what was found, anew only where it has been written since. */
export class DuplicatesFile {
  #read: { readonly written: string; readonly found: Derived<StoredDuplicates> | undefined } | undefined;

  constructor(private readonly directory: string) {}

  /** `undefined` where there is none, or one that is of no use. */
  async read(): Promise<Derived<StoredDuplicates> | undefined> {
    const stats = await stat(derivedPath(this.directory, duplicatesFile)).catch(() => undefined);
    if (stats === undefined) return undefined;
    // Another file by rename, even where it is of the same length and millisecond.
    const written = `${stats.ino} ${stats.mtimeMs} ${stats.size}`;
    if (this.#read?.written !== written)
      this.#read = { written, found: await readDerived(this.directory, duplicatesFile) };
    return this.#read.found;
  }
}
