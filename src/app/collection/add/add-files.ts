import { resolve } from 'node:path';
import { Collection } from '../../../collection/collection.js';
import type { Device } from '../../../core/device.js';
import type { OnProgress, Skipped } from '../../../core/progress.js';
import { saveIndex } from '../save-index.js';
import { changesVectors } from './add-images.js';
import type { AddCounts } from './add-options.js';
import { AddRun } from './add-run.js';
import { describeSource } from './added-source.js';
import { embedPending } from './embed-pending.js';
import { pendingFiles } from './pending-files.js';
import { walked } from './walked-source.js';

export interface AddFilesOptions {
  readonly collection: string;
  /** A folder, which becomes a source of the collection. */
  readonly folder: string;
  /** Paths of files in it. What else lies there is not looked at. */
  readonly files: readonly string[];
  /** What they are to be labelled with, whatever they were. */
  readonly label?: string;
  readonly retryFailed?: boolean;
  readonly threads?: number;
  readonly device?: Device;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

export interface AddFilesResult extends AddCounts {
  /** `false` where the signal stopped it; the same call goes on there. */
  readonly finished: boolean;
  /** Of the files that are images of the collection now, in the order of the files. */
  readonly ids: readonly number[];
  readonly skipped: readonly Skipped[];
  readonly seconds: number;
}

/** Places asked for, and labels set, at a time. */
const blockLength = 1000;

/**
 * Adds some files of a folder, as `addImages` would add all of it: as quick in a folder of many as in one of few, and what was
 * removed from the collection and lies there still does not come back.
 * @throws `collection-missing`, `model-missing`
 */
export async function addFiles(options: AddFilesOptions): Promise<AddFilesResult> {
  const { folder, label, retryFailed = false, threads, device, onProgress, signal } = options;
  const startedAt = performance.now();
  const files = options.files.map((path) => resolve(path));
  const collection = Collection.open(options.collection);
  try {
    const { catalog } = collection;
    const run = new AddRun(collection, { retryFailed, onProgress });
    run.total = files.length;
    const source = describeSource(folder);
    const walking = walked(source, catalog.sources.add(source.spec, source.root).number);
    run.report();
    await embedPending(run, pendingFiles(run, [walking], files), () => {}, { threads, device, signal });
    run.report();
    const ids = labelled(run, files, label);
    if (changesVectors(run.counts)) await saveIndex(collection, { onProgress, signal });
    return {
      finished: !signal?.aborted,
      ...run.counts,
      ids,
      skipped: run.skipped,
      seconds: (performance.now() - startedAt) / 1000,
    };
  } finally {
    collection.close();
  }
}

function labelled({ catalog }: AddRun, files: readonly string[], label: string | undefined): number[] {
  const ids: number[] = [];
  for (let at = 0; at < files.length; at += blockLength) {
    const places = files.slice(at, at + blockLength).map((path) => ({ path, entry: '' }));
    const byPath = new Map(catalog.images.at(places).map((image) => [image.path, image]));
    const there = places.flatMap(({ path }) => {
      const image = byPath.get(path);
      return image && image.missingSince === null ? [image] : [];
    });
    const found = there.map(({ id }) => id);
    // As if by hand, so that no source sets it back.
    if (label !== undefined && found.length > 0) catalog.write(() => catalog.edits.set(found, { label }));
    ids.push(...found);
  }
  return ids;
}
