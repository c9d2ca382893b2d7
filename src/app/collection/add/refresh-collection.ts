import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { Collection } from '../../../collection/collection.js';
import { ImagekinError } from '../../../core/errors.js';
import type { Skipped } from '../../../core/progress.js';
import { addImages } from './add-images.js';
import type { AddOptions, AddResult } from './add-options.js';
import { describeSource } from './added-source.js';

export interface RefreshOptions extends Omit<AddOptions, 'sources' | 'model' | 'backbone'> {
  /** A folder that is looked through as well, where it is there: it may not be known yet, or have come along with the collection. */
  readonly folder?: string;
}

/**
 * Brings a collection up to date with all that it was filled from. A source that is not there now, such as a disk that is not
 * plugged in, is among what was skipped, and its images stay as they are.
 * @throws `source-missing` where there is nothing that could be looked through
 */
export async function refreshCollection(options: RefreshOptions): Promise<AddResult> {
  const { sources, skipped } = knownSources(options);
  if (sources.length === 0)
    throw new ImagekinError('source-missing', {
      where: options.collection,
      expected: 'a source that it was filled from and that can be looked through again',
      got: skipped[0]?.reason ?? 'none: its images were imported, or named one by one',
      fix: 'add one: imagekin add <collection> <source>',
    });
  const result = await addImages({ ...options, sources });
  return { ...result, failed: result.failed + skipped.length, skipped: [...skipped, ...result.skipped] };
}

function knownSources({ collection: directory, folder }: RefreshOptions) {
  const collection = Collection.openToRead(directory);
  try {
    const known = collection.catalog.sources.all();
    const sources: string[] = folder !== undefined && existsSync(folder) ? [resolve(folder)] : [];
    const skipped: Skipped[] = [];
    for (const { spec } of known) {
      // A list of paths was on standard input, which nobody can read again.
      if (spec === '-' || sources.includes(spec)) continue;
      try {
        describeSource(spec, known);
        sources.push(spec);
      } catch (error) {
        if (!(error instanceof ImagekinError)) throw error;
        skipped.push({ path: spec, reason: error.message });
      }
    }
    return { sources, skipped };
  } finally {
    collection.close();
  }
}
