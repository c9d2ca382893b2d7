import { setImmediate as nextTurn } from 'node:timers/promises';
import { ImagekinError } from '../../core/errors.js';
import type { OnProgress } from '../../core/progress.js';
import { buildHnsw } from './build-hnsw.js';
import { ExactIndex } from './exact-index.js';
import { fewVectors, HnswIndex } from './hnsw-index.js';
import type { IndexFiles, LoadedFiles } from './index-files.js';
import type { IndexManifest } from './index-manifest.js';
import { MemoryRows } from './memory-rows.js';
import type { Quantization } from './quantization.js';
import { openRowsFile } from './rows-file.js';
import type { VectorRows, VectorSource } from './vector-source.js';

export interface BuildOptions {
  /** Of hnsw. Default `bf16`. */
  readonly quantization?: Quantization;
  readonly threads?: number;
  /** hnsw: where no more vectors than this are in the graph, they are all looked at instead. */
  readonly exactBelow?: number;
}

/** What whoever waits for a build may hear and do. */
export interface BuildWatch {
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/** An index, and what it is of. */
export interface BuiltIndex {
  readonly index: ExactIndex | HnswIndex;
  /** Of what its files hold; undefined where there are none. */
  readonly manifest: IndexManifest | undefined;
  readonly modelId: string;
  /** Of the source: the last change that is in the index. */
  readonly change: number;
}

const rowsAtOnce = 8192;

/** Makes indexes of all that a source holds or of files, and the files of indexes. */
export class IndexBuilder {
  constructor(
    private readonly files: IndexFiles,
    private readonly source: VectorSource,
    private readonly options: BuildOptions,
  ) {}

  /** In memory, without files. */
  async exact(watch: BuildWatch): Promise<BuiltIndex> {
    const { source } = this;
    const { modelId, dimension } = source;
    const rows = new MemoryRows(dimension, source.count());
    const { change, blocks } = source.all();
    for await (const { ids, vectors } of watched(blocks, source.count(), watch)) rows.upsert(ids, vectors);
    const index = new ExactIndex(dimension, rows, this.options);
    return { index, manifest: undefined, modelId, change };
  }

  /** Its files are those of the index then. @throws `file-not-writable` */
  async hnsw(watch: BuildWatch): Promise<BuiltIndex> {
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
        watched(blocks, source.count(), watch),
      );
      const rows = await openRowsFile(files.pathOf(names.rows), { ...what, count, crc32: record.crc32 });
      try {
        const built =
          count > exactBelow ? await buildHnsw(rows, { quantization, threads, ...watch }) : undefined;
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
        // The graph that was built takes memory of its own; that of the file is shared and read as it is needed.
        // Another process may have replaced the files already: then the one in memory has to do.
        const graph =
          graphFile && (await files.view(graphFile, dimension, quantization).catch(() => built?.graph));
        return await this.ofFiles({ manifest, rows, ...(graph && { graph }) });
      } catch (error) {
        await rows.close();
        throw error;
      }
    } catch (error) {
      await files.discard([names.rows, names.graph]);
      throw error;
    }
  }

  /** Of files that were opened. */
  async ofFiles({ manifest, rows, graph }: LoadedFiles): Promise<BuiltIndex> {
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
    return { index, manifest, modelId, change };
  }

  /**
   * Writes the vectors of an exact index to a file, which is that of the index then.
   * @returns what the file holds; undefined where nothing can be written
   */
  async write(
    index: ExactIndex,
    { modelId, change }: Pick<BuiltIndex, 'modelId' | 'change'>,
  ): Promise<IndexManifest | undefined> {
    const { files } = this;
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
      return manifest;
    } catch (error) {
      await files.discard([name]);
      // The files only save time when the collection is opened again.
      if (!(error instanceof ImagekinError && error.code === 'file-not-writable')) throw error;
      return undefined;
    } finally {
      pinned.release();
    }
  }
}

/** Blocks of the source, with progress, and a chance to stop before each. */
async function* watched(
  blocks: Iterable<VectorRows>,
  total: number,
  { onProgress = () => {}, signal }: BuildWatch,
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
