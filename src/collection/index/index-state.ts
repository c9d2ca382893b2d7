import type { MeasuredRecall } from './build-hnsw.js';
import type { IndexFiles } from './index-files.js';
import type { IndexManifest } from './index-manifest.js';
import type { Quantization } from './quantization.js';
import { rowsOf } from './row-store.js';
import type { IndexKind } from './vector-index.js';
import type { VectorSource } from './vector-source.js';

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

/** What the files of an index hold; null where there are none that can be used. */
export async function stateOfFiles(files: IndexFiles, source: VectorSource): Promise<IndexState | null> {
  const manifest = await files.manifest();
  if (!manifest) return null;
  return {
    ...describedByManifest(manifest),
    vectors: manifest.count,
    modelId: manifest.modelId,
    dimension: manifest.dimension,
    kind: manifest.kind,
    change: manifest.change,
    stale: manifest.modelId !== source.modelId || manifest.change !== source.change(),
    ...(await wearOf(files, manifest, source)),
    bytesOnDisk: await files.bytesOnDisk(),
  };
}

/** What a manifest tells of the index that it is of. */
export function describedByManifest(
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

/** What has come since a graph was built, and what of it is no longer valid, as whoever opened it would find. */
async function wearOf(
  files: IndexFiles,
  manifest: IndexManifest,
  source: VectorSource,
): Promise<Pick<IndexState, 'tombstones' | 'beside'>> {
  const none = { tombstones: 0, beside: 0 };
  if (manifest.kind !== 'hnsw' || manifest.modelId !== source.modelId) return none;
  const ids = await files.ids(manifest);
  if (!ids || manifest.change >= source.change()) return none;
  const { upserted, removed } = source.changesSince(manifest.change);
  return {
    tombstones: rowsOf(upserted.ids, ids).length + rowsOf(removed, ids).length,
    beside: upserted.ids.length,
  };
}
