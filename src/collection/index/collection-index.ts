import { stat } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { ImagekinError } from '../../core/errors.js';
import type { OnProgress } from '../../core/progress.js';
import { buildHnsw, type MeasuredRecall } from './build-hnsw.js';
import { ExactIndex } from './exact-index.js';
import { hnswAvailable, loadUsearch } from './hnsw-graph.js';
import { fewVectors, HnswIndex } from './hnsw-index.js';
import { IndexFiles, type LoadedFiles } from './index-files.js';
import type { IndexManifest } from './index-manifest.js';
import { MemoryRows } from './memory-rows.js';
import type { Quantization } from './quantization.js';
import { openRowsFile } from './rows-file.js';
import type { IndexHit, IndexKind, IndexSearchOptions } from './vector-index.js';
import type { VectorRows, VectorSource } from './vector-source.js';

export interface CollectionIndexOptions {
  /** Default `auto`: exact as long as that takes some 10 ms, then hnsw where it can be had. */
  readonly kind?: IndexKind | 'auto';
  /** Of hnsw. Default `bf16`. */
  readonly quantization?: Quantization;
  readonly threads?: number;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
  /** hnsw: where no more vectors than this are in the graph, they are all looked at instead. */
  readonly exactBelow?: number;
  /** Of `auto`: exact as long as all vectors together have no more numbers than this. Default 32 million. */
  readonly exactUpTo?: number;
}

/** What there is to say of an index. */
export interface IndexState {
  readonly kind: IndexKind;
  readonly vectors: number;
  readonly dimension: number;
  readonly modelId: string;
  /** Of the source: the last one that the index has seen. */
  readonly change: number;
  /** Whether the source has changed since. A search brings the index up to date first. */
  readonly stale: boolean;
  /** Vectors of the last build that are no longer valid; hnsw only. */
  readonly tombstones: number;
  /** Vectors that came since the last build and are searched exactly; hnsw only. */
  readonly beside: number;
  readonly bytesOnDisk: number;
  /** Null where no files of it are there. ISO 8601. */
  readonly builtAt: string | null;
  /** Null for exact, and where there are so few vectors that all are looked at. */
  readonly quantization: Quantization | null;
  /** Candidates that a search of the graph looks at; hnsw only. */
  readonly expansion: number | null;
  /** What the graph was measured to find with that expansion, before what came since; hnsw only. */
  readonly recall: MeasuredRecall | null;
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
const rowsAtOnce = 8192;

/** An index in use. It is closed when it has been replaced and nobody searches in it any more. */
interface Current {
  readonly index: ExactIndex | HnswIndex;
  /** Of what its files hold; undefined where there are none. */
  manifest: IndexManifest | undefined;
  readonly modelId: string;
  /** Of the source: the last change that is in the index. */
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
  private current!: Current;
  private queue: Promise<unknown> = Promise.resolve();
  private manifestSeen = '';

  private constructor(
    directory: string,
    private readonly source: VectorSource,
    private readonly options: CollectionIndexOptions,
  ) {
    this.files = new IndexFiles(directory);
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
  static async inspect(directory: string, source: VectorSource): Promise<IndexState | null> {
    const files = new IndexFiles(directory);
    const manifest = await files.manifest();
    if (!manifest) return null;
    return {
      ...described(manifest),
      vectors: manifest.count,
      modelId: manifest.modelId,
      dimension: manifest.dimension,
      kind: manifest.kind,
      change: manifest.change,
      stale: manifest.modelId !== source.modelId || manifest.change !== source.change(),
      tombstones: 0,
      beside: 0,
      bytesOnDisk: await files.bytesOnDisk(),
    };
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
  save(options: Pick<CollectionIndexOptions, 'onProgress' | 'signal'> = {}): Promise<void> {
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
  rebuild(options: Pick<CollectionIndexOptions, 'onProgress' | 'signal'> = {}): Promise<void> {
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
      ...described(manifest),
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
    const seen = await this.manifestStamp();
    if (seen === this.manifestSeen) return;
    this.manifestSeen = seen;
    const known = this.current.manifest?.change ?? Number.NEGATIVE_INFINITY;
    const loaded = await this.files.load(
      this.source,
      async (manifest) =>
        // The vectors of an exact one are all in memory already.
        manifest.kind === 'hnsw' && manifest.change > known && (await this.isWanted(manifest)),
    );
    if (loaded) await this.use(await this.currentOf(loaded));
  }

  /** Opens the files, or builds what cannot be opened. */
  private async reopen(options: Pick<CollectionIndexOptions, 'onProgress' | 'signal'>): Promise<void> {
    const { source } = this;
    this.manifestSeen = await this.manifestStamp();
    const loaded = await this.files.load(
      source,
      async (manifest) => manifest.change <= source.change() && (await this.isWanted(manifest)),
    );
    if (loaded) {
      const current = await this.currentOf(loaded);
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
  private async build(
    kind: IndexKind,
    options: Pick<CollectionIndexOptions, 'onProgress' | 'signal'>,
  ): Promise<void> {
    const built =
      kind === 'hnsw'
        ? await this.buildHnsw(options).catch((error: unknown) => {
            // A place that cannot be written to, such as a collection on a read-only disk, can still be searched.
            if (error instanceof ImagekinError && error.code === 'file-not-writable') return undefined;
            throw error;
          })
        : undefined;
    await this.use(built ?? (await this.buildExact(options)));
  }

  private async buildExact({
    onProgress,
    signal,
  }: Pick<CollectionIndexOptions, 'onProgress' | 'signal'>): Promise<Current> {
    const { source } = this;
    const { modelId, dimension } = source;
    const rows = new MemoryRows(dimension, source.count());
    const { change, blocks } = source.all();
    for await (const { ids, vectors } of watched(blocks, source.count(), { onProgress, signal }))
      rows.upsert(ids, vectors);
    const index = new ExactIndex(dimension, rows, this.options);
    return { index, manifest: undefined, modelId, change, changed: 0, searches: 0, replaced: false };
  }

  private async buildHnsw({
    onProgress,
    signal,
  }: Pick<CollectionIndexOptions, 'onProgress' | 'signal'>): Promise<Current> {
    const { source, files, options } = this;
    const { quantization = 'bf16', threads, exactBelow = fewVectors } = options;
    const { modelId, dimension } = source;
    const names = files.newGeneration();
    try {
      const { change, blocks } = source.all();
      const builtAt = new Date().toISOString();
      const what = { modelId, dimension, change };
      const { count, ...record } = await files.writeRows(
        names.rows,
        what,
        watched(blocks, source.count(), { onProgress, signal }),
      );
      const rows = await openRowsFile(files.pathOf(names.rows), { ...what, count, crc32: record.crc32 });
      try {
        const built =
          count > exactBelow
            ? await buildHnsw(rows, { quantization, threads, onProgress, signal })
            : undefined;
        const graphFile = built && (await files.writeGraph(names.graph, built.graph));
        const { expansion = 1, recall } = built ?? {};
        const manifest: IndexManifest = {
          ...what,
          count,
          builtAt,
          kind: 'hnsw',
          rows: record,
          hnsw: {
            quantization,
            expansion,
            ...(recall && { recall }),
            ...(graphFile && { graph: graphFile }),
          },
        };
        await files.publish(manifest);
        this.manifestSeen = await this.manifestStamp();
        // The graph that was built takes memory of its own; that of the file is shared and read as it is needed.
        const graph = graphFile && (await files.view(graphFile, dimension, quantization));
        return await this.currentOf({ manifest, rows, ...(graph && { graph }) });
      } catch (error) {
        await rows.close();
        throw error;
      }
    } catch (error) {
      await files.discard([names.rows, names.graph]);
      throw error;
    }
  }

  /** Writes the vectors of an exact index to a file. */
  private async write(index: ExactIndex, current: Current): Promise<void> {
    const { files } = this;
    const { change, modelId } = current;
    const what = { modelId, dimension: index.dimension, change };
    const name = files.newGeneration().rows;
    const pinned = index.rows.pin();
    try {
      const builtAt = new Date().toISOString();
      const { ids, dimension, count } = pinned;
      const { count: _, ...rows } = await files.writeRows(
        name,
        what,
        (function* () {
          for (let from = 0; from < count; from += rowsAtOnce) {
            const to = Math.min(count, from + rowsAtOnce);
            const vectors = pinned.matrix!.subarray(from * dimension, to * dimension);
            yield { ids: ids.subarray(from, to), vectors };
          }
        })(),
      );
      const manifest: IndexManifest = { ...what, count, builtAt, kind: 'exact', rows };
      await files.publish(manifest);
      this.manifestSeen = await this.manifestStamp();
      current.manifest = manifest;
      current.changed = 0;
    } catch (error) {
      await files.discard([name]);
      // The files only save time when the collection is opened again.
      if (!(error instanceof ImagekinError && error.code === 'file-not-writable')) throw error;
    } finally {
      pinned.release();
    }
  }

  private async currentOf({ manifest, rows, graph }: LoadedFiles): Promise<Current> {
    const { threads, exactBelow } = this.options;
    let index: ExactIndex | HnswIndex;
    if (manifest.kind === 'exact') {
      index = new ExactIndex(
        manifest.dimension,
        MemoryRows.of(rows.ids, rows.matrix!, manifest.dimension),
        this.options,
      );
      await rows.close();
    } else {
      const expansion = manifest.hnsw?.expansion ?? 1;
      index = new HnswIndex({ rows, graph, expansion }, { threads, exactBelow });
    }
    const { modelId, change } = manifest;
    return { index, manifest, modelId, change, changed: 0, searches: 0, replaced: false };
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

  /** Something that changes whenever the manifest does. */
  private async manifestStamp(): Promise<string> {
    const found = await stat(this.files.pathOf('manifest.json')).catch(() => undefined);
    return found ? `${found.ino} ${found.mtimeMs} ${found.size}` : '';
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

async function closeIdle(current: Current): Promise<void> {
  if (current.searches === 0) await current.index.close();
}

function described(
  manifest: IndexManifest | undefined,
): Pick<IndexState, 'builtAt' | 'quantization' | 'expansion' | 'recall'> {
  const graph = manifest?.hnsw?.graph && manifest.hnsw;
  return {
    builtAt: manifest?.builtAt ?? null,
    quantization: graph ? graph.quantization : null,
    expansion: graph ? graph.expansion : null,
    recall: graph?.recall ?? null,
  };
}

/** Blocks of the source, with progress, and a chance to stop before each. */
async function* watched(
  blocks: Iterable<VectorRows>,
  total: number,
  { onProgress = () => {}, signal }: Pick<CollectionIndexOptions, 'onProgress' | 'signal'>,
): AsyncGenerator<VectorRows> {
  let done = 0;
  for (const block of blocks) {
    await nextTurn();
    signal?.throwIfAborted();
    yield block;
    done += block.ids.length;
    onProgress({ task: 'reading vectors', done, total, unit: 'vectors' });
  }
}
