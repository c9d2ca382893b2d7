import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ImagekinError, messageOf } from '../../core/errors.js';
import { isAlive } from '../../core/is-alive.js';
import { checksumOf } from './checksum.js';
import { HnswGraph } from './hnsw-graph.js';
import { type FileRecord, type IndexManifest, readManifest, writeManifest } from './index-manifest.js';
import type { Quantization } from './quantization.js';
import { type FileRows, openRowsFile, readRowIds, type WrittenFile, writeRowsFile } from './rows-file.js';
import { UnusableFile } from './unusable-file.js';
import type { VectorRows, VectorSource } from './vector-source.js';

const manifestName = 'manifest.json';
/**
 * <generation>.rows, <generation>.graph; a generation begins with the number of the process that wrote it. And what `writeFileAtomic`
 * leaves of a process that was killed.
 */
const generationFile = /^(?:manifest\.json\.)?(\d+)-[0-9a-f]{8}\.(?:rows|graph|part)/;
/** Files that no manifest names are left alone for so long, even if their writer cannot be seen. */
const settledAfterMs = 60_000;

/** Files that hold an index, checked. */
export interface LoadedFiles {
  readonly manifest: IndexManifest;
  readonly rows: FileRows;
  readonly graph?: HnswGraph;
}

/**
 * The derived files of a collection: a manifest, and those of one generation that it names. A generation is never written
 * over, as other processes may have it open or mapped. All of them may be deleted at any time.
 */
export class IndexFiles {
  /** The manifest as it was looked at last, or written here. */
  private seen = '';

  constructor(readonly directory: string) {}

  /** Files of a new generation. */
  newGeneration(): { readonly rows: string; readonly graph: string } {
    const generation = `${process.pid}-${randomBytes(4).toString('hex')}`;
    return { rows: `${generation}.rows`, graph: `${generation}.graph` };
  }

  pathOf(name: string): string {
    return join(this.directory, name);
  }

  async manifest(): Promise<IndexManifest | undefined> {
    return readManifest(this.pathOf(manifestName)).catch(undefinedIfUnusable);
  }

  /** Whether the manifest is another one than when this was asked last, or than was published here. */
  async haveChanged(): Promise<boolean> {
    const before = this.seen;
    this.seen = await this.stamp();
    return this.seen !== before;
  }

  /**
   * Opens what the manifest names, if all of it is sound and of the source's vectors.
   * @param wanted which are of use: others are not opened
   */
  async load(
    source: Pick<VectorSource, 'modelId' | 'dimension'>,
    wanted: (manifest: IndexManifest) => Promise<boolean>,
  ): Promise<LoadedFiles | undefined> {
    let tried: IndexManifest | undefined;
    // Between reading the manifest and opening its files, another process may replace both.
    for (;;) {
      const manifest = await this.manifest();
      if (!manifest || manifest.rows.name === tried?.rows.name) return undefined;
      if (manifest.modelId !== source.modelId || manifest.dimension !== source.dimension) return undefined;
      if (!(await wanted(manifest))) return undefined;
      const loaded = await this.open(manifest).catch(undefinedIfUnusable);
      if (loaded) return loaded;
      tried = manifest;
    }
  }

  /** Ids of the vectors that the manifest names; undefined where their file is of no use. */
  async ids({ rows }: IndexManifest): Promise<Uint32Array | undefined> {
    return readRowIds(this.pathOf(rows.name)).catch(undefinedIfUnusable);
  }

  async writeRows(
    name: string,
    what: { readonly modelId: string; readonly dimension: number; readonly change: number },
    blocks: AsyncIterable<VectorRows> | Iterable<VectorRows>,
  ): Promise<FileRecord & { readonly count: number }> {
    return { name, ...(await writeRowsFile(this.pathOf(name), what, blocks)) };
  }

  async writeGraph(name: string, graph: HnswGraph): Promise<FileRecord> {
    try {
      await mkdir(this.directory, { recursive: true });
      graph.save(this.pathOf(name));
    } catch (cause) {
      throw new ImagekinError('file-not-writable', {
        where: this.pathOf(name),
        expected: 'a place for the graph of the index',
        got: messageOf(cause),
        fix: 'make room',
        cause,
      });
    }
    return { name, ...(await this.sealed(name)) };
  }

  /** Names files as those of the index, and removes the ones that were it before. */
  async publish(manifest: IndexManifest): Promise<void> {
    const before = await this.manifest();
    await writeManifest(this.pathOf(manifestName), manifest);
    await this.sweep(before);
    this.seen = await this.stamp();
  }

  /** Removes files of a generation that came to nothing. */
  async discard(names: readonly string[]): Promise<void> {
    for (const name of names) await rm(this.pathOf(name), { force: true }).catch(() => {});
  }

  /** Bytes of all files that belong to the index. */
  async bytesOnDisk(): Promise<number> {
    const names = await readdir(this.directory).catch(() => []);
    const sizes = names
      .filter((name) => name === manifestName || generationFile.test(name))
      .map((name) =>
        stat(this.pathOf(name)).then(
          ({ size }) => size,
          () => 0,
        ),
      );
    return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  }

  /** Opens files that this process has just written, without checking them again. */
  async view(graph: FileRecord, dimension: number, quantization: Quantization): Promise<HnswGraph> {
    return HnswGraph.view(this.pathOf(graph.name), dimension, quantization);
  }

  /** Something that changes whenever the manifest does. */
  private async stamp(): Promise<string> {
    const found = await stat(this.pathOf(manifestName)).catch(() => undefined);
    return found ? `${found.ino} ${found.mtimeMs} ${found.size}` : '';
  }

  private async open(manifest: IndexManifest): Promise<LoadedFiles> {
    const { rows: record, hnsw, kind, dimension, modelId, change, count } = manifest;
    const graph = hnsw?.graph;
    if (graph) {
      const { bytes, crc32 } = await this.sealed(graph.name, graph.bytes);
      if (bytes !== graph.bytes || crc32 !== graph.crc32)
        throw new UnusableFile(`${graph.name}: wrong checksum`);
    }
    const expected = { modelId, dimension, change, count, crc32: record.crc32 };
    const rows = await openRowsFile(this.pathOf(record.name), expected, { intoMemory: kind === 'exact' });
    try {
      return {
        manifest,
        rows,
        ...(graph && hnsw && { graph: await this.view(graph, dimension, hnsw.quantization) }),
      };
    } catch (cause) {
      await rows.close();
      throw new UnusableFile(`${graph?.name}: refused by usearch`, { cause });
    }
  }

  /** Size and checksum of a file, which is on disk when they are known. */
  private async sealed(name: string, expectedBytes?: number): Promise<WrittenFile> {
    const file = await open(this.pathOf(name), expectedBytes === undefined ? 'r+' : 'r').catch((cause) => {
      throw new UnusableFile(`${name}: cannot be opened`, { cause });
    });
    try {
      if (expectedBytes === undefined) await file.sync();
      const { size } = await file.stat();
      if (expectedBytes !== undefined && size !== expectedBytes) return { bytes: size, crc32: -1 };
      return { bytes: size, crc32: await checksumOf(file, size) };
    } finally {
      await file.close();
    }
  }

  /**
   * Removes files that are not the index any more: those of the manifest before, and those whose writer is gone and that no
   * manifest names. One that is still there may name its files soon. What cannot be removed, as on Windows where another process
   * has it open, is left to the next one.
   */
  private async sweep(before: IndexManifest | undefined): Promise<void> {
    const manifest = await this.manifest();
    if (!manifest) return;
    const current = new Set(filesOf(manifest));
    const replaced = new Set(before ? filesOf(before) : []);
    for (const name of await readdir(this.directory).catch(() => [])) {
      const [, writer] = generationFile.exec(name) ?? [];
      if (writer === undefined || current.has(name)) continue;
      if (replaced.has(name) || (!isAlive(Number(writer)) && (await this.isSettled(name))))
        await rm(this.pathOf(name), { force: true }).catch(() => {});
    }
  }

  /** Where processes of several machines share a directory, one of another machine cannot be seen. */
  private async isSettled(name: string): Promise<boolean> {
    const { mtimeMs } = await stat(this.pathOf(name)).catch(() => ({ mtimeMs: Date.now() }));
    return mtimeMs < Date.now() - settledAfterMs;
  }
}

function filesOf({ rows, hnsw }: IndexManifest): string[] {
  return hnsw?.graph ? [rows.name, hnsw.graph.name] : [rows.name];
}

function undefinedIfUnusable(error: unknown): undefined {
  if (!(error instanceof UnusableFile)) throw error;
}
