import { fstatSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { keepsVectorIndexContract, type Vectors } from '../../../test/contracts/vector-index.js';
import { temporaryDirectory } from '../../../test/fixtures/temporary-directory.js';
import { groupedVectors, joined } from '../../../test/fixtures/unit-vectors.js';
import { naiveNearest } from '../../../test/oracle/nearest.js';
import { buildHnsw } from './build-hnsw.js';
import { HnswGraph } from './hnsw-graph.js';
import { HnswIndex, type HnswIndexOptions } from './hnsw-index.js';
import { MemoryRows } from './memory-rows.js';
import { type Quantization, quantizations } from './quantization.js';
import { openRowsFile, writeRowsFile } from './rows-file.js';

describe('a graph that another process has removed', () => {
  it('is refused before usearch would close file descriptor 0 over it', async () => {
    const path = join(await temporaryDirectory(), 'none.graph');
    const before = fstatSync(0);
    await expect(HnswGraph.view(path, 8, 'i8')).rejects.toMatchObject({ code: 'ENOENT' });
    expect(fstatSync(0)).toMatchObject({ dev: before.dev, ino: before.ino });
  });
});

describe('HnswIndex', () => {
  describe('of few vectors, which are all looked at', () => {
    keepsVectorIndexContract((vectors, dimension) => indexOf(vectors, dimension, {}));
  });
  for (const quantization of quantizations)
    describe(`by a graph of ${quantization}`, () => {
      keepsVectorIndexContract(
        (vectors, dimension) => indexOf(vectors, dimension, { quantization, exactBelow: 0 }),
        { approximate: true },
      );
    });
  describe('by a graph, its rows in a file', () => {
    keepsVectorIndexContract(
      (vectors, dimension) => indexOf(vectors, dimension, { exactBelow: 0, inFile: true }),
      { approximate: true },
    );
  });

  it('finds k even where the nearest hundreds have been removed', async () => {
    const vectors = new Map(groupedVectors(3000, 16));
    const index = await indexOf(vectors, 16, { exactBelow: 0 });
    const query = vectors.get(17)!;
    const nearest = naiveNearest(query, vectors, 700).map(({ id }) => id);
    index.remove(Uint32Array.from(nearest));
    for (const id of nearest) vectors.delete(id);
    expect(index.tombstones).toBe(700);
    const [found] = await index.search(query, 10);
    const expected = naiveNearest(query, vectors, 10).map(({ id }) => id);
    expect(found).toHaveLength(10);
    expect(found!.filter(({ id }) => expected.includes(id)).length).toBeGreaterThanOrEqual(9);
  });

  it('measures its recall on vectors that the graph does not know yet, and looks as far as it takes', async () => {
    const rows = rowsOf(groupedVectors(6000, 32), 32);
    const progress: number[] = [];
    const { recall, expansion, graph } = await buildHnsw(rows, {
      onProgress: ({ done }) => progress.push(done),
    });
    expect(graph.size).toBe(6000);
    expect(recall).toEqual({ queries: 200, recallAt10: expect.any(Number), foundItself: expect.any(Number) });
    expect(recall!.foundItself).toBeGreaterThanOrEqual(0.99);
    expect(recall!.recallAt10).toBeGreaterThanOrEqual(0.96);
    expect(recall!.recallAt10).toBeLessThanOrEqual(1);
    expect(expansion).toBeGreaterThanOrEqual(32);
    expect(progress.at(-1)).toBe(6000);
    expect(progress.length).toBeGreaterThan(3);
  });

  it('is searched with more threads than it was built with', async () => {
    const vectors = groupedVectors(1500, 8);
    const { graph } = await buildHnsw(rowsOf(vectors, 8), { threads: 1 });
    const queries = joined(vectors.values());
    for (let time = 0; time < 5; time++)
      expect(graph.candidates(queries, 20, 4).counts).toEqual(new Uint32Array(1500).fill(20));
  });

  it('stops building between blocks', async () => {
    const rows = rowsOf(groupedVectors(5000, 8), 8);
    const stop = new AbortController();
    const building = buildHnsw(rows, {
      signal: stop.signal,
      onProgress: ({ done }) => done > 2000 && stop.abort(new Error('enough')),
    });
    await expect(building).rejects.toThrow('enough');
  });
});

function rowsOf(vectors: Vectors, dimension: number) {
  const rows = new MemoryRows(dimension);
  rows.upsert(Uint32Array.from(vectors.keys()), joined(vectors.values()));
  return rows.pin();
}

async function indexOf(
  vectors: Vectors,
  dimension: number,
  {
    quantization,
    inFile = false,
    ...options
  }: HnswIndexOptions & { readonly quantization?: Quantization; readonly inFile?: boolean },
): Promise<HnswIndex> {
  const inMemory = rowsOf(vectors, dimension);
  const rows = inFile ? await written(inMemory) : inMemory;
  const { graph, expansion } = await buildHnsw(rows, { quantization });
  return new HnswIndex({ rows, graph, expansion }, options);
}

async function written({ ids, matrix, dimension, count }: ReturnType<typeof rowsOf>) {
  const path = join(await temporaryDirectory(), 'some.rows');
  const what = { modelId: 'model a', dimension, change: 1 };
  const { crc32 } = await writeRowsFile(path, what, [{ ids, vectors: matrix! }]);
  return openRowsFile(path, { ...what, count, crc32 });
}
