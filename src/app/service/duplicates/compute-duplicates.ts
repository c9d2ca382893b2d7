import { Collection } from '../../../collection/collection.js';
import type { OnProgress } from '../../../core/progress.js';
import { findDuplicates } from '../../collection/find-duplicates.js';
import { defaultNearDistance } from '../../collection/list-duplicates.js';
import { originNow, writeDerived } from '../derived/derived-state.js';
import { duplicatesFile, type StoredDuplicates } from './duplicates-file.js';

export interface ComputeDuplicatesOptions {
  readonly collection: string;
  /** Bits of 64 by which the hashes of near duplicates may differ. */
  readonly nearDistance?: number;
  readonly threads?: number;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

export interface ComputeDuplicatesResult {
  readonly finished: boolean;
  readonly images: number;
  /** Images without a print, which were compared by their bytes alone. */
  readonly withoutPrint: number;
  readonly groups: number;
  /** Images that are more than needed, and their bytes. */
  readonly copies: number;
  readonly copyBytes: number;
  readonly seconds: number;
}

/** Finds the copies in a collection, and keeps what it found in the folder of the collection. */
export async function computeDuplicates({
  collection: directory,
  nearDistance = defaultNearDistance,
  threads,
  onProgress,
  signal,
}: ComputeDuplicatesOptions): Promise<ComputeDuplicatesResult> {
  const startedMs = performance.now();
  const collection = Collection.open(directory);
  try {
    // Before it is looked at: what comes meanwhile may be in it, and counts as new.
    const origin = originNow(collection);
    onProgress?.({ task: 'looking for copies', done: 0, unit: 'images' });
    const found = await findDuplicates(collection, {
      kind: 'all',
      nearDistance,
      threads,
      onProgress,
      signal,
    });
    signal?.throwIfAborted();
    await writeDerived<StoredDuplicates>(directory, duplicatesFile, origin, {
      nearDistance,
      groups: found.groups.map(({ distance, members }) => ({
        distance,
        images: members.map(({ id, sha256 }) => [id, sha256]),
      })),
    });
    const copies = found.groups.flatMap(({ members }) => members.slice(1));
    return {
      finished: true,
      images: found.images,
      withoutPrint: found.withoutPrint,
      groups: found.groups.length,
      copies: copies.length,
      copyBytes: copies.reduce((sum, { size }) => sum + (size ?? 0), 0),
      seconds: (performance.now() - startedMs) / 1000,
    };
  } finally {
    collection.close();
  }
}
