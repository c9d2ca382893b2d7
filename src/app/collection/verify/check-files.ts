import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { ImageRecord } from '../../../collection/catalog/image-record.js';
import { present } from '../../../collection/catalog/image-table.js';
import type { Collection } from '../../../collection/collection.js';
import { mapConcurrently } from '../../../data/concurrency.js';
import { defaultMaxBytes } from '../../../image/decode.js';
import { readLocation } from '../../../image/image-location.js';
import { recordLocation } from '../record-location.js';
import type { CheckOptions } from './check-vectors.js';
import type { FindingKind, Found } from './finding.js';
import { imageNames } from './image-names.js';

const filesAtOnce = 4;
const imagesAtOnce = 500;

/** Reads the file of every image that is there, and holds its hash against that of the bytes that were embedded. */
export async function checkFiles(
  collection: Collection,
  { onProgress, signal }: CheckOptions,
): Promise<{ readonly found: Found[]; readonly files: number }> {
  const { catalog } = collection;
  const total = catalog.images.count();
  const wrong = new Map<FindingKind, number[]>();
  let done = 0;
  let files = 0;
  const check = async (image: ImageRecord) => {
    const kind = await wrongOf(image);
    if (kind !== 'no file') files++;
    if (kind !== undefined && kind !== 'no file') {
      if (!wrong.has(kind)) wrong.set(kind, []);
      wrong.get(kind)!.push(image.id);
    }
    onProgress?.({ task: 'reading files', done: ++done, total, unit: 'images' });
  };
  let some: ImageRecord[] = [];
  const checkSome = async () => {
    signal?.throwIfAborted();
    const now = some;
    some = [];
    await mapConcurrently(now.length, (i) => check(now[i]!), filesAtOnce);
  };
  for (const image of catalog.images.each(present)) {
    some.push(image);
    if (some.length === imagesAtOnce) await checkSome();
  }
  await checkSome();
  const found = [...wrong].map(([kind, ids]): Found => {
    ids.sort((a, b) => a - b);
    const about = { kind, count: ids.length, examples: imageNames(collection, ids) };
    if (kind === 'files-gone') return { ...about, fix: () => gone(collection, ids) };
    if (kind === 'files-changed') return { ...about, fix: () => changed(collection, ids) };
    return about;
  });
  return { found, files };
}

function gone({ catalog }: Collection, ids: readonly number[]): 'mended' {
  catalog.write(() => catalog.images.markMissing(ids));
  return 'mended';
}

function changed({ catalog }: Collection, ids: readonly number[]): 'queued' {
  catalog.write(() => catalog.images.forgetStates(ids));
  return 'queued';
}

async function wrongOf(image: ImageRecord): Promise<FindingKind | 'no file' | undefined> {
  const location = recordLocation(image);
  if (location === undefined) return 'no file';
  try {
    const hash = createHash('sha256');
    if (typeof location === 'string')
      for await (const chunk of createReadStream(location)) hash.update(chunk);
    else hash.update(await readLocation(location, defaultMaxBytes));
    return image.sha256 !== null && hash.digest('hex') !== image.sha256 ? 'files-changed' : undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return 'files-gone';
    // Of an archive that has been written anew: the file is not where it was in it.
    return typeof location === 'string' || code !== undefined ? 'files-unreadable' : 'files-changed';
  }
}
