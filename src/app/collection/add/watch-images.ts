import { opendirSync, statSync } from 'node:fs';
import { sep } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { AsyncSubscription, Event } from '@parcel/watcher';
import type { SqlCondition } from '../../../collection/catalog/database.js';
import type { CatalogSource } from '../../../collection/catalog/source-table.js';
import { type Collection, isCollection } from '../../../collection/collection.js';
import { ImagekinError, messageOf } from '../../../core/errors.js';
import { isInside } from '../../../core/is-inside.js';
import type { Skipped } from '../../../core/progress.js';
import { walkImageFiles } from '../../../data/folder-listing.js';
import { saveIndex } from '../save-index.js';
import { changesVectors } from './add-images.js';
import { type AddCounts, type AddOptions, type AddResult, noCounts } from './add-options.js';
import { AddRun } from './add-run.js';
import { addTo } from './add-to.js';
import { type AddedSource, describeSource } from './added-source.js';
import { embedPending } from './embed-pending.js';
import { isGone } from './file-states.js';
import { openForAdding } from './open-for-adding.js';
import { pendingFiles } from './pending-files.js';
import { SettlingFiles } from './settling-files.js';
import { walked } from './walked-source.js';

export interface WatchOptions extends AddOptions {
  /** How long a file must stay as it is before it is looked at. Default 2000. */
  readonly settleMs?: number;
  /** Is told what has become of the sources at the beginning, and then of each change. */
  readonly onChange: (change: WatchedChange) => void;
}

export interface WatchedChange extends AddCounts {
  /** ISO 8601. */
  readonly at: string;
  /** Images in the collection then, without the missing ones. */
  readonly images: number;
  readonly skipped: readonly Skipped[];
}

const defaultSettleMs = 2000;

/**
 * Does what `addImages` does, and then keeps the collection as the folders are, until the signal stops it.
 * @returns what it has come to in all
 * @throws as `addImages`; `wrong-usage` for what is no folder; `watch-failed` where the system does not tell of changes
 */
export async function watchImages(options: WatchOptions): Promise<AddResult> {
  const { settleMs = defaultSettleMs, onChange, signal } = options;
  const startedAt = performance.now();
  if (!isCollection(options.collection)) for (const source of options.sources) folderSource(source);
  const { collection, created } = await openForAdding(options);
  const subscriptions = new Map<AddedSource, AsyncSubscription>();
  try {
    const known = collection.catalog.sources.all();
    const sources = options.sources.map((source) => folderSource(source, known));
    const { model } = collection;
    const totals = new Totals();
    const tell = async (run: AddRun) => {
      totals.add(run);
      if (changesVectors(run.counts)) await saveIndex(collection, { signal });
      onChange({
        at: new Date().toISOString(),
        ...run.counts,
        images: collection.catalog.images.count(),
        skipped: run.skipped,
      });
    };
    // Watched before they are walked through, so that nothing comes in between.
    const settling = new SettlingFiles(settleMs);
    /** Of these it is not known what has become of them. */
    const lost = new Set<AddedSource>();
    const watchFor = async (source: AddedSource) => {
      await subscriptions.get(source)?.unsubscribe();
      subscriptions.set(source, await subscribe(source, settling, () => lost.add(source)));
    };
    for (const source of sources) await watchFor(source);
    let stopped = true;
    if (!signal?.aborted) {
      await tell(await addTo(collection, sources, options));
      stopped = signal?.aborted === true;
    }
    while (!signal?.aborted) {
      await wait(Math.min(250, settleMs / 4), undefined, { signal }).catch(() => {});
      if (signal?.aborted) break;
      const again = [...lost].filter(({ root }) => isThere(root!));
      for (const source of again) {
        lost.delete(source);
        // A folder that was away, as a disk that was not plugged in, is another one when it is back.
        await watchFor(source);
      }
      const settled = settling.size > 0 ? settling.take(performance.now()) : [];
      if (settled.length > 0) for (const source of sources) if (!isThere(source.root!)) lost.add(source);
      try {
        if (again.length > 0) await tell(await addTo(collection, again, options));
        const run = settled.length > 0 ? await update(collection, sources, settled, options) : undefined;
        if (run !== undefined) await tell(run);
      } catch (error) {
        if (!isOfAnother(error)) throw error;
        for (const source of sources) lost.add(source);
      }
    }
    return {
      finished: !stopped,
      collection: options.collection,
      created,
      model: model.name,
      modelId: model.id,
      dimension: model.dimension,
      images: collection.catalog.images.count(),
      ...totals.counts,
      skipped: totals.skipped,
      seconds: (performance.now() - startedAt) / 1000,
    };
  } finally {
    await Promise.all([...subscriptions.values()].map((subscription) => subscription.unsubscribe()));
    collection.close();
  }
}

/** Whether it is for what another process does, such as compact or reindex: when that is done, all is looked at again. */
function isOfAnother(error: unknown): boolean {
  return error instanceof ImagekinError && ['collection-busy', 'model-mismatch'].includes(error.code);
}

class Totals {
  counts: AddCounts = noCounts;
  /** What could not be used last, by its path. */
  readonly #skipped = new Map<string, Skipped>();

  get skipped(): readonly Skipped[] {
    return [...this.#skipped.values()];
  }

  add({ counts, skipped }: AddRun): void {
    const sums = Object.entries(this.counts).map(([name, sum]) => [
      name,
      sum + counts[name as keyof AddCounts],
    ]);
    this.counts = Object.fromEntries(sums) as AddCounts;
    for (const one of skipped) this.#skipped.set(one.path, one);
  }
}

function folderSource(given: string, known?: readonly CatalogSource[]): AddedSource {
  const source = describeSource(given, known);
  if (source.kind === 'folder' && source.isWhole) return source;
  throw new ImagekinError('wrong-usage', {
    where: given,
    expected: 'a folder, as only folders are watched',
    got: source.isWhole ? `a source of another kind: ${source.kind}` : 'a part of one',
    fix: 'name folders, or leave out --watch',
  });
}

async function subscribe(
  { root }: AddedSource,
  settling: SettlingFiles,
  onLost: () => void,
): Promise<AsyncSubscription> {
  try {
    // Loaded only here, as it is native code.
    const { default: watcher } = await import('@parcel/watcher');
    return await watcher.subscribe(root!, (error, events) => {
      // Where too much happened at a time, some of it has not been told.
      if (error) onLost();
      else for (const event of events) void note(settling, event);
    });
  } catch (cause) {
    throw new ImagekinError('watch-failed', {
      where: root!,
      expected: 'to be told of changes in it',
      got: messageOf(cause),
      fix: 'where there are too many folders, raise fs.inotify.max_user_watches; or run imagekin add now and then, by cron',
      cause,
    });
  }
}

/** A folder that was moved here is told of as one thing. */
async function note(settling: SettlingFiles, { path, type }: Event): Promise<void> {
  settling.note(path, performance.now());
  if (type !== 'create' || !isFolder(path)) return;
  try {
    for await (const name of walkImageFiles(path, () => {}))
      settling.note(`${path}${sep}${name.replaceAll('/', sep)}`, performance.now());
  } catch {
    // It has gone again.
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** Whether a folder is there, with something in it: a disk may be mounted there that is not plugged in. */
function isThere(root: string): boolean {
  try {
    const folder = opendirSync(root);
    try {
      return folder.readSync() !== null;
    } finally {
      folder.closeSync();
    }
  } catch {
    return false;
  }
}

/** @returns `undefined` where nothing has changed for the collection */
async function update(
  collection: Collection,
  sources: readonly AddedSource[],
  paths: readonly string[],
  { prune = false, threads, device, onProgress, signal }: WatchOptions,
): Promise<AddRun | undefined> {
  // A few files are done before anybody could read of them.
  const run = new AddRun(collection, {
    retryFailed: false,
    ...(paths.length > fewFiles && { onProgress }),
  });
  const walking = sources
    .filter(({ root }) => isThere(root!))
    .map((source) => walked(source, run.catalog.sources.add(source.spec, source.root).number));
  const gone = paths.filter(isGone);
  const there = paths.filter((path) => !isGone(path) && !isFolder(path));
  await embedPending(run, pendingFiles(run, walking, there), () => {}, { threads, device, signal });
  for (const source of walking)
    markGone(
      run,
      gone.filter((path) => isInside(path, source.root!)),
      prune,
    );
  const { unchanged, ...counts } = run.counts;
  return Object.values(counts).some((count) => count > 0) ? run : undefined;
}

const blockLength = 1000;
const fewFiles = 100;

/** Marks images whose files, or whose folders, are gone. */
function markGone(run: AddRun, paths: readonly string[], prune: boolean): void {
  const { images, failures } = run.catalog;
  for (const path of paths) {
    const next = String.fromCharCode(sep.charCodeAt(0) + 1);
    const here: SqlCondition = {
      sql: '(images.path = ? OR images.path >= ? AND images.path < ?)',
      params: [path, `${path}${sep}`, `${path}${next}`],
    };
    const failed = failures.at([{ path, entry: '' }]);
    if (failed.length > 0) run.write(() => failures.remove(failed));
    const known = images.ids(here);
    for (let at = 0; at < known.length; at += blockLength) {
      const ids = images
        .byId(known.subarray(at, at + blockLength))
        .filter((image) => !run.seen.has(image.id) && isGone(image.path))
        .map(({ id }) => id);
      if (ids.length === 0) continue;
      run.write(() => {
        run.counts.missing += images.markMissing(ids);
        if (prune) run.counts.pruned += images.remove(ids);
      });
    }
  }
}
