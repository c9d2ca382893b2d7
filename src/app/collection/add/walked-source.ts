import type { ImagePlace } from '../../../collection/catalog/image-record.js';
import type { AddedSource } from './added-source.js';

/** A source on its way through a run. */
export interface WalkedSource extends AddedSource {
  /** Its number in the catalog. */
  readonly number: number;
  /** Images that it has named. */
  listed: number;
  /** Whether all of it has been walked through. */
  isEnded: boolean;
  /** Paths, absolute, of what could not be listed. */
  readonly unlisted: Set<string>;
  /** Places of files that could not be used before, and have changed since or are tried again. */
  readonly recovered: ImagePlace[];
}

export function walked(source: AddedSource, number: number): WalkedSource {
  return { ...source, number, listed: 0, isEnded: false, unlisted: new Set(), recovered: [] };
}
