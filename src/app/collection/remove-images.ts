import { existsSync } from 'node:fs';
import { resolve, sep } from 'node:path';
import { jsonParameter, type SqlCondition } from '../../collection/catalog/database.js';
import { type ImagePlace, type ImageRecord, shownPath } from '../../collection/catalog/image-record.js';
import { absent, everything } from '../../collection/catalog/image-table.js';
import { Collection } from '../../collection/collection.js';
import { compileFilter, type FilterInput, readFilter } from '../../collection/filters/index.js';
import { ImagekinError } from '../../core/errors.js';
import { describeSource } from './add/added-source.js';
import { saveIndex } from './save-index.js';

export interface RemoveOptions {
  /** Folder of the collection. */
  readonly collection: string;
  /** Images by id (`12`, `id:12` or `#12`), by the path of their file, or by a folder that they lie in. */
  readonly images?: readonly (string | number)[];
  /** Those that meet a filter. */
  readonly where?: FilterInput;
  /** Those whose files are gone. */
  readonly missing?: boolean;
  /** Those that a source has brought, as it was given to add. */
  readonly source?: string;
  /** Only say which these are. */
  readonly dryRun?: boolean;
  readonly signal?: AbortSignal;
}

/** An image that was removed. */
export interface RemovedImage {
  readonly id: number;
  /** Path of its file, or of the archive and the name in it. */
  readonly path: string;
  readonly label: string | null;
  readonly missingSince: string | null;
}

export interface RemoveResult {
  /** `false` where the signal stopped it: what is listed has been removed, and no more. */
  readonly finished: boolean;
  readonly collection: string;
  readonly dryRun: boolean;
  readonly removed: readonly RemovedImage[];
  /** Images in the collection now, without the missing ones. */
  readonly images: number;
}

/** Images removed at a time, so that others who write need not wait long. */
const blockLength = 1000;

/**
 * Removes images from a collection; their files stay. What is given beside the names narrows down: `images` and `where` mean
 * those of the images that meet the filter.
 * @throws `image-not-found` where a name is that of none, and then nothing is removed; `filter-invalid`; `wrong-usage` where
 * it is not said which
 */
export async function removeImages(options: RemoveOptions): Promise<RemoveResult> {
  const { collection: directory, dryRun = false, signal } = options;
  const collection = Collection.open(directory);
  try {
    const { images } = collection.catalog;
    const { ids, where } = chosen(collection, options);
    const removed: RemovedImage[] = [];
    for (let at = 0; at < ids.length && !signal?.aborted; at += blockLength) {
      const block = ids.subarray(at, at + blockLength);
      const gone = dryRun
        ? images.byId(block)
        : collection.catalog.write(() => {
            // Asked again: another process may have found the file of one that was missing, or labelled it otherwise.
            const found = images.byId(images.ids(among(block, where)));
            images.remove(found.map(({ id }) => id));
            return found;
          });
      removed.push(...gone.map(describe));
    }
    const finished = !signal?.aborted;
    if (!dryRun && removed.length > 0) await saveIndex(collection, { signal });
    return { finished, collection: directory, dryRun, removed, images: images.count() };
  } finally {
    collection.close();
  }
}

function describe(image: ImageRecord): RemovedImage {
  const { id, label, missingSince } = image;
  return { id, path: shownPath(image), label, missingSince };
}

interface Chosen {
  readonly ids: Uint32Array;
  /** What all of them meet. */
  readonly where: SqlCondition;
}

function chosen(
  collection: Collection,
  { images = [], where: filter, missing = false, source }: RemoveOptions,
): Chosen {
  const { catalog } = collection;
  const parsed = readFilter(filter);
  if (images.length === 0 && !parsed && !missing && source === undefined)
    throw new ImagekinError('wrong-usage', {
      where: collection.directory,
      expected: 'which images are to be removed',
      got: 'none',
      fix: 'name them by id or path, or give --missing, --filter or --source',
    });
  const conditions: SqlCondition[] = [];
  if (parsed) conditions.push(compileFilter(parsed));
  if (missing) conditions.push(absent);
  if (source !== undefined) conditions.push(ofSource(collection, source));
  const named = images.length > 0 ? new Set(images.flatMap((name) => idsNamed(collection, name))) : undefined;
  const where = conditions.reduce(
    (all, one) => ({ sql: `(${all.sql}) AND (${one.sql})`, params: [...all.params, ...one.params] }),
    everything,
  );
  if (named && conditions.length === 0) return { ids: Uint32Array.from(named).sort(), where };
  const meeting = catalog.images.ids(where);
  return { ids: named ? meeting.filter((id) => named.has(id)) : meeting, where };
}

function among(ids: Uint32Array, { sql, params }: SqlCondition): SqlCondition {
  return {
    sql: `images.id IN (SELECT value FROM json_each(?)) AND (${sql})`,
    params: [jsonParameter(Array.from(ids)), ...params],
  };
}

function ofSource({ catalog, directory }: Collection, given: string): SqlCondition {
  const known = catalog.sources.all();
  const specs = new Set([given, resolve(given)]);
  // Of one that is gone, nothing can be found out but what it was called.
  if (existsSync(given)) specs.add(describeSource(given).spec);
  const found = known.filter(({ spec }) => specs.has(spec));
  if (found.length > 0)
    return {
      sql: 'images.source IN (SELECT value FROM json_each(?))',
      params: [JSON.stringify(found.map(({ number }) => number))],
    };
  throw new ImagekinError('image-not-found', {
    where: directory,
    expected: `a source that images were added from: ${known.map(({ spec }) => spec).join(', ')}`,
    got: `"${given}"`,
    fix: 'give it as it stands there',
  });
}

/** Ids of what a name stands for. */
function idsNamed({ catalog, directory }: Collection, given: string | number): number[] {
  const name = String(given);
  const [, digits] = /^(?:#|id:)?(\d{1,10})$/.exec(name) ?? [];
  if (digits !== undefined) {
    const [image] = catalog.images.byId([Number(digits)]);
    if (image) return [image.id];
  }
  const [image] = catalog.images.at(placesOf(name));
  if (image) return [image.id];
  const folder = resolve(name);
  const below = catalog.images.ids({
    sql: 'images.path >= ? AND images.path < ?',
    params: [`${folder}${sep}`, `${folder}${String.fromCharCode(sep.charCodeAt(0) + 1)}`],
  });
  // An archive is a folder of images as well.
  const inArchive = catalog.images.ids({ sql: 'images.path = ?', params: [folder] });
  if (below.length + inArchive.length > 0) return [...below, ...inArchive];
  throw new ImagekinError('image-not-found', {
    where: directory,
    expected: 'the id of an image, or the path of its file or a folder',
    got: `"${name}", of which it has none`,
    fix: 'check it against what search or export say',
  });
}

/** A path may be that of a file, or of an archive with a name in it: `photos.zip/cats/1.jpg`; or `cifar10/test/00042`. */
function placesOf(name: string): ImagePlace[] {
  const path = resolve(name);
  const places = [{ path, entry: '' }];
  const separator = sep === '/' ? /\//g : /[\\/]/g;
  for (const whole of [path, name])
    for (const { index } of whole.matchAll(separator))
      if (index > 0)
        places.push({ path: whole.slice(0, index), entry: whole.slice(index + 1).replaceAll(sep, '/') });
  return places;
}
