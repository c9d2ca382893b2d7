import { setImmediate as nextTurn } from 'node:timers/promises';
import { ImagekinError } from '../../core/errors.js';
import { ExactIndex } from './exact-index.js';
import { hnswAvailable, loadUsearch } from './hnsw-graph.js';
import { HnswIndex } from './hnsw-index.js';
import { type BuildOptions, type BuildWatch, type BuiltIndex, IndexBuilder } from './index-builder.js';
import { IndexFiles } from './index-files.js';
import type { IndexManifest } from './index-manifest.js';
import { describedByManifest, type IndexState, stateOfFiles } from './index-state.js';
import type { IndexHit, IndexKind, IndexSearchOptions } from './vector-index.js';
import type { VectorSource } from './vector-source.js';

export interface CollectionIndexOptions extends BuildOptions, BuildWatch {
  /** Default `auto`: exact as long as that takes some 10 ms, then hnsw where it can be had. */
  readonly kind?: IndexKind | 'auto';
  /** Of `auto`: exact as long as all vectors together have no more numbers than this. Default 32 million. */
  readonly exactUpTo?: number;
}

export interface CollectionSearchOptions extends IndexSearchOptions {
  /** The model that made the queries. Refused where the vectors are another one's. */
  readonly modelId?: string;
}

/** Numbers that one exact search goes through in some 10 ms on two cores. */
const exactLength = 32_000_000;
/** So many changes are taken along by every opening, in some milliseconds. */
export const fewChanges = 4096;
/** More changes than these are worth writing files for, or building a graph anew: this many, or this share of all. */
const worth = { changes: fewChanges, share: 0.05 };
/**
 * Every search looks at all that lies beside a graph. What a graph has lost only makes it look at some candidates more, a third
 * more at this share of its vectors: far less than building it anew costs.
 */
const mostTombstones = 0.25;

/** An index in use. It is closed when it has been replaced and nobody searches in it any more. */
interface Current extends BuiltIndex {
  manifest: IndexManifest | undefined;
  change: number;
  /** Vectors that have changed since the files were written. */
  changed: number;
  searches: number;
  replaced: boolean;
}

/**
 * The index of a collection: an exact or an approximate one, brought up to date with its source before every search, and
 * opened from files that are made anew whenever they are missing, damaged, of another model or of a later version.
 *
 * Several processes may have it open. Each follows the source by itself, so that one finds what another has committed; files
 * that another has written are taken over where they hold much that would have to be searched beside the graph.
 */
export class CollectionIndex {
  private readonly files: IndexFiles;
  private readonly builder: IndexBuilder;
  private current!: Current;
  private queue: Promise<unknown> = Promise.resolve();

  private constructor(
    directory: string,
    private readonly source: VectorSource,
    private readonly options: CollectionIndexOptions,
  ) {
    this.files = new IndexFiles(directory);
    this.builder = new IndexBuilder(this.files, source, options);
  }

  /** Opens the files of the directory, or builds the index if they are of no use. */
  static async open(
    directory: string,
    source: VectorSource,
    options: CollectionIndexOptions = {},
  ): Promise<CollectionIndex> {
    const index = new CollectionIndex(directory, source, options);
    if (options.kind === 'hnsw') await loadUsearch();
    await index.reopen(options);
    return index;
  }

  /** What the files of a directory hold; null where there are none that can be used. Builds nothing. */
  static inspect(directory: string, source: VectorSource): Promise<IndexState | null> {
    return stateOfFiles(new IndexFiles(directory), source);
  }

  get kind(): IndexKind {
    return this.current.index.kind;
  }

  get dimension(): number {
    return this.current.index.dimension;
  }

  /** Vectors in it, as of the last search or refresh. */
  get size(): number {
    return this.current.index.size;
  }

  /**
   * The k nearest of each query, of all that the source holds now.
   * @param queries float32 [queries, dimension], unit length
   */
  async search(
    queries: Float32Array,
    k: number,
    { modelId, ...options }: CollectionSearchOptions = {},
  ): Promise<IndexHit[][]> {
    await this.refresh(options);
    const { current } = this;
    if (modelId !== undefined && modelId !== current.modelId)
      throw new ImagekinError('model-mismatch', {
        where: 'search in a collection',
        expected: `queries of the model ${current.modelId}`,
        got: `some of ${modelId}`,
        fix: 'embed the queries with the model of the collection',
      });
    current.searches++;
    try {
      return await current.index.search(queries, k, options);
    } finally {
      current.searches--;
      if (current.replaced) await closeIdle(current);
    }
  }

  /** Brings the index up to date with its source. Searches do so by themselves. */
  refresh({ signal }: { readonly signal?: AbortSignal } = {}): Promise<void> {
    return this.inTurn(() => this.follow(signal));
  }

  /** Writes files, and builds a graph anew, where so much has changed that it is worth it. */
  save(options: BuildWatch = {}): Promise<void> {
    return this.inTurn(async () => {
      await this.follow(options.signal);
      const { current } = this;
      const { index, changed, manifest } = current;
      const kind = await this.wantedKind(index.size, index.kind);
      if (kind !== index.kind || (index instanceof HnswIndex && (isWorn(index) || !manifest)))
        await this.build(kind, options);
      else if (index instanceof ExactIndex && (isMuch(changed, index.size) || (!manifest && index.size > 0)))
        await this.write(index, current);
    });
  }

  /** Builds the index from its source, whatever there is. */
  rebuild(options: BuildWatch = {}): Promise<void> {
    return this.inTurn(async () => {
      await this.build(await this.wantedKind(this.source.count(), undefined), options);
      if (this.current.index instanceof ExactIndex) await this.write(this.current.index, this.current);
    });
  }

  async state(): Promise<IndexState> {
    const { index, manifest, modelId, change } = this.current;
    const hnsw = index instanceof HnswIndex ? index : undefined;
    return {
      kind: index.kind,
      vectors: index.size,
      dimension: index.dimension,
      modelId,
      change,
      stale: change !== this.source.change() || modelId !== this.source.modelId,
      tombstones: hnsw?.tombstones ?? 0,
      beside: hnsw?.beside.count ?? 0,
      bytesOnDisk: await this.files.bytesOnDisk(),
      ...describedByManifest(manifest),
    };
  }

  async close(): Promise<void> {
    await this.inTurn(async () => {
      this.current.replaced = true;
      await closeIdle(this.current);
    });
  }

  /** One after the other, in the order in which they were asked for. */
  private inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.queue.then(work);
    this.queue = result.catch(() => {});
    return result;
  }

  private async follow(signal: AbortSignal | undefined): Promise<void> {
    const { source, current } = this;
    signal?.throwIfAborted();
    const now = source.change();
    if (source.modelId !== current.modelId || now < current.change) {
      // Another model's vectors, or a catalog that was put back to an earlier state: nothing of ours can be kept.
      await this.reopen({ ...this.options, signal });
      return;
    }
    if (now === current.change) return;
    if (!this.apply(current)) {
      await this.reopen({ ...this.options, signal });
      return;
    }
    if (current.changed > worth.changes) await this.takeOver();
  }

  /** False where the source has come to be of another model's vectors: none of them is taken then. */
  private apply(current: Current): boolean {
    const { change, upserted, removed } = this.source.changesSince(current.change);
    if (this.source.modelId !== current.modelId) return false;
    current.index.remove(removed);
    current.index.upsert(upserted.ids, upserted.vectors);
    current.changed += removed.length + upserted.ids.length;
    current.change = change;
    return true;
  }

  /** Takes the files that another process has written since, if there are any. */
  private async takeOver(): Promise<void> {
    if (!(await this.files.haveChanged())) return;
    const known = this.current.manifest?.change ?? Number.NEGATIVE_INFINITY;
    const loaded = await this.files.load(
      this.source,
      async (manifest) =>
        // The vectors of an exact one are all in memory already.
        manifest.kind === 'hnsw' && manifest.change > known && (await this.isWanted(manifest)),
    );
    if (loaded) await this.use(inUse(await this.builder.ofFiles(loaded)));
  }

  /** Opens the files, or builds what cannot be opened. */
  private async reopen(options: BuildWatch): Promise<void> {
    const { source } = this;
    // What is there now is looked at below: only what comes later is new.
    await this.files.haveChanged();
    const loaded = await this.files.load(
      source,
      async (manifest) => manifest.change <= source.change() && (await this.isWanted(manifest)),
    );
    if (loaded) {
      const current = inUse(await this.builder.ofFiles(loaded));
      if (await this.catchUp(current)) {
        await this.use(current);
        // Whoever opens it next need not take all that along again.
        const { index, changed } = current;
        if (index instanceof ExactIndex && isMuch(changed, index.size)) await this.write(index, current);
        return;
      }
      await current.index.close();
    }
    await this.build(await this.wantedKind(source.count(), undefined), options);
    // A graph is in its file by now. Few vectors are as quickly read from the source.
    if (this.current.index instanceof ExactIndex && this.current.index.size > worth.changes)
      await this.write(this.current.index, this.current);
  }

  /** Brings what was loaded up to date. False where it is not what the source holds, whatever its number says. */
  private async catchUp(current: Current): Promise<boolean> {
    const { source } = this;
    for (let attempt = 0; attempt < 8; attempt++) {
      if (source.change() !== current.change && !this.apply(current)) return false;
      const count = source.count();
      // Only if nothing was committed between the two is the count that of this moment.
      if (source.change() === current.change) return count === current.index.size;
      await nextTurn();
    }
    return true;
  }

  /** Builds an index of all that the source holds, and puts it in the place of the current one. */
  private async build(kind: IndexKind, options: BuildWatch): Promise<void> {
    const built =
      kind === 'hnsw'
        ? await this.builder.hnsw(options).catch((error: unknown) => {
            // A place that cannot be written to, such as a collection on a read-only disk, can still be searched.
            if (error instanceof ImagekinError && error.code === 'file-not-writable') return undefined;
            throw error;
          })
        : undefined;
    await this.use(inUse(built ?? (await this.builder.exact(options))));
  }

  private async write(index: ExactIndex, current: Current): Promise<void> {
    const manifest = await this.builder.write(index, current);
    if (!manifest) return;
    current.manifest = manifest;
    current.changed = 0;
  }

  private async use(next: Current): Promise<void> {
    const before = this.current as Current | undefined;
    this.current = next;
    if (next.change !== this.source.change()) this.apply(next);
    if (!before) return;
    before.replaced = true;
    await closeIdle(before);
  }

  /** Whether files hold an index of the kind that was asked for. */
  private async isWanted({ kind, hnsw }: IndexManifest): Promise<boolean> {
    const { quantization } = this.options;
    if (quantization !== undefined && hnsw && hnsw.quantization !== quantization) return false;
    // Sound files of either kind do for now; whether the other would be better is a question for `save`.
    return (this.options.kind ?? 'auto') === 'auto'
      ? kind === 'exact' || (await hnswAvailable())
      : kind === this.options.kind;
  }

  private async wantedKind(count: number, now: IndexKind | undefined): Promise<IndexKind> {
    const { kind = 'auto', exactUpTo = exactLength } = this.options;
    if (kind !== 'auto') return kind;
    // One that is there stays until the other is clearly better, or it would be built again and again.
    const most = now === 'hnsw' ? exactUpTo / 2 : exactUpTo;
    return count * this.source.dimension > most && (await hnswAvailable()) ? 'hnsw' : 'exact';
  }
}

function isMuch(changed: number, size: number): boolean {
  return changed > Math.max(worth.changes, worth.share * size);
}

/** Whether a graph is to be built anew. What was changed is in both counts, what was removed only in that of its tombstones. */
function isWorn({ beside, tombstones, size }: HnswIndex): boolean {
  const built = size - beside.count + tombstones;
  return isMuch(beside.count, size) || tombstones > Math.max(worth.changes, mostTombstones * built);
}

function inUse(built: BuiltIndex): Current {
  return { ...built, changed: 0, searches: 0, replaced: false };
}

async function closeIdle(current: Current): Promise<void> {
  if (current.searches === 0) await current.index.close();
}
