import { spawnSync } from 'node:child_process';
import { readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { keepsCollectionIndexContract } from '../../../test/contracts/collection-index.js';
import { JournalSource } from '../../../test/fixtures/journal-source.mjs';
import { temporaryDirectory } from '../../../test/fixtures/temporary-directory.js';
import { groupedVectors } from '../../../test/fixtures/unit-vectors.js';
import { CollectionIndex, type CollectionIndexOptions } from './collection-index.js';

describe('CollectionIndex', () => {
  describe('exact', () => keepsCollectionIndexContract({ kind: 'exact' }));
  describe('hnsw', () =>
    keepsCollectionIndexContract({ kind: 'hnsw', exactBelow: 0 }, { approximate: true }));

  async function open(directory: string, source: JournalSource, options: CollectionIndexOptions) {
    const index = await CollectionIndex.open(directory, source, { threads: 1, ...options });
    onTestFinished(() => index.close());
    return index;
  }

  function sourceOf(count: number, dimension = 8): JournalSource {
    const source = new JournalSource({ dimension });
    source.commit({ upserted: groupedVectors(count, dimension) });
    return source;
  }

  it('is exact where that takes no time, and writes no files before there is something to gain', async () => {
    const directory = await temporaryDirectory();
    const index = await open(directory, sourceOf(300), { kind: 'auto' });
    expect(index.kind).toBe('exact');
    expect(await readdir(directory)).toEqual([]);
    expect((await index.state()).builtAt).toBeNull();
  });

  it('tells what became invalid and what came since the graph was built, and builds it anew when that is much', async () => {
    const directory = await temporaryDirectory();
    const source = sourceOf(9000);
    const index = await open(directory, source, { kind: 'hnsw', quantization: 'i8' });
    const built = await index.state();
    expect(built).toMatchObject({
      kind: 'hnsw',
      quantization: 'i8',
      tombstones: 0,
      beside: 0,
      vectors: 9000,
    });
    expect(built.recall!.recallAt10).toBeGreaterThanOrEqual(0.95);
    source.commit({ upserted: groupedVectors(100, 8, { seed: 1, firstId: 8951 }), removed: [1, 2, 3] });
    await index.save();
    expect(await index.state()).toEqual({
      ...built,
      change: 2,
      vectors: 9047,
      tombstones: 53,
      beside: 100,
    });
    expect(await CollectionIndex.inspect(directory, source)).toMatchObject({
      change: 1,
      stale: true,
      tombstones: 53,
      beside: 100,
    });
    source.commit({ upserted: groupedVectors(4200, 8, { seed: 2, firstId: 20_000 }) });
    await index.save();
    expect(await index.state()).toMatchObject({ change: 3, vectors: 13_247, tombstones: 0, beside: 0 });
  });

  it('keeps a graph that has lost some of its vectors, and builds it anew when that is a quarter', async () => {
    const directory = await temporaryDirectory();
    const source = sourceOf(18_000);
    const index = await open(directory, source, { kind: 'hnsw', quantization: 'i8', exactBelow: 0 });
    const { builtAt } = await index.state();
    source.commit({ removed: Array.from({ length: 4400 }, (_, i) => 2 * i + 1) });
    await index.save();
    const lost = { builtAt, change: 2, vectors: 13_600, tombstones: 4400, beside: 0 };
    expect(await index.state()).toMatchObject(lost);
    expect(await (await open(directory, source, { kind: 'hnsw' })).state()).toMatchObject(lost);
    source.commit({ removed: Array.from({ length: 110 }, (_, i) => 2 * i + 2) });
    await index.save();
    expect(await index.state()).toMatchObject({ change: 3, vectors: 13_490, tombstones: 0, beside: 0 });
  });

  it('writes what much has come to when it is opened, so that the next one need not take it along', async () => {
    const directory = await temporaryDirectory();
    const source = sourceOf(5000);
    const writer = await open(directory, source, { kind: 'exact' });
    const { builtAt } = await writer.state();
    source.commit({ upserted: groupedVectors(100, 8, { seed: 1, firstId: 20_000 }) });
    expect((await (await open(directory, source, { kind: 'exact' })).state()).builtAt).toBe(builtAt);
    source.commit({ upserted: groupedVectors(4200, 8, { seed: 2, firstId: 30_000 }) });
    await open(directory, source, { kind: 'exact' });
    expect(await CollectionIndex.inspect(directory, source)).toMatchObject({ vectors: 9300, stale: false });
  });

  it('takes no vectors of another model, though the source comes to have them while it is asked', async () => {
    let modelId = 'model a';
    class Switching extends JournalSource {
      override changesSince(change: number) {
        modelId = 'model b';
        return super.changesSince(change);
      }
    }
    const source = new Switching({ dimension: 8 });
    Object.defineProperty(source, 'modelId', { get: () => modelId });
    source.commit({ upserted: groupedVectors(300, 8) });
    const index = await open(await temporaryDirectory(), source, { kind: 'exact' });
    source.commit({ upserted: groupedVectors(300, 8, { seed: 1 }) });
    const query = groupedVectors(1, 8).get(1)!;
    await expect(index.search(query, 1, { modelId: 'model a' })).rejects.toMatchObject({
      code: 'model-mismatch',
    });
  });

  it('turns to a graph when it has grown large, and back when it has become small', async () => {
    const directory = await temporaryDirectory();
    const source = sourceOf(900);
    const options = { kind: 'auto', exactUpTo: 8000, exactBelow: 0 } as const;
    const index = await open(directory, source, options);
    expect(index.kind).toBe('exact');
    source.commit({ upserted: groupedVectors(300, 8, { seed: 1, firstId: 1000 }) });
    await index.refresh();
    expect(index.kind).toBe('exact');
    await index.save();
    expect(await index.state()).toMatchObject({ kind: 'hnsw', vectors: 1200, quantization: 'bf16' });
    expect((await open(directory, source, options)).kind).toBe('hnsw');
    source.commit({ removed: Array.from({ length: 400 }, (_, i) => i + 1) });
    await index.save();
    expect(index.kind).toBe('hnsw');
    source.commit({ removed: Array.from({ length: 400 }, (_, i) => i + 401) });
    await index.save();
    expect(await index.state()).toMatchObject({ kind: 'exact', vectors: 400, quantization: null });
  });

  it('removes what killed processes have left, and nothing that another is writing', async () => {
    const directory = await temporaryDirectory();
    const index = await open(directory, sourceOf(300), { kind: 'exact' });
    const ended = spawnSync(process.execPath, ['-e', '']).pid;
    const left = [
      `${ended}-0123abcd.rows`,
      `${ended}-0123abcd.graph`,
      `${ended}-0123abcd.rows.${ended}-0123abcd.part`,
      `manifest.json.${ended}-0123abcd.part`,
    ];
    const kept = [`${process.ppid}-0123abcd.rows`, `${ended}-4567abcd.rows`, 'notes.txt'];
    for (const name of [...left, ...kept]) await writeFile(join(directory, name), 'x');
    const longAgo = new Date(Date.now() - 3_600_000);
    for (const name of [...left, kept[0]!]) await utimes(join(directory, name), longAgo, longAgo);
    await index.rebuild();
    const names = await readdir(directory);
    expect(names).toEqual(expect.arrayContaining(kept));
    expect(names.filter((name) => left.includes(name))).toEqual([]);
  });

  it('takes over what another process has built', async () => {
    const directory = await temporaryDirectory();
    const source = sourceOf(6000);
    const [writer, reader] = [
      await open(directory, source, { kind: 'hnsw' }),
      await open(directory, source, { kind: 'hnsw' }),
    ];
    source.commit({ upserted: groupedVectors(4500, 8, { seed: 2, firstId: 20_000 }) });
    await writer.save();
    source.commit({ removed: [20_001] });
    await reader.refresh();
    expect(await reader.state()).toMatchObject({ change: 3, vectors: 10_499, tombstones: 1, beside: 0 });
  });

  it('keeps to the kind and quantization that are asked for', async () => {
    const directory = await temporaryDirectory();
    const source = sourceOf(5000);
    await open(directory, source, { kind: 'hnsw', quantization: 'f32' });
    expect(await (await open(directory, source, { kind: 'hnsw' })).state()).toMatchObject({
      quantization: 'f32',
    });
    expect(await (await open(directory, source, { kind: 'hnsw', quantization: 'i8' })).state()).toMatchObject(
      {
        quantization: 'i8',
      },
    );
    const exact = await open(directory, source, { kind: 'exact' });
    expect(await exact.state()).toMatchObject({ kind: 'exact', quantization: null, recall: null });
  });
});

describe('CollectionIndex without usearch', () => {
  it('is exact, or says how to get the other', async () => {
    vi.resetModules();
    vi.doMock('usearch', () => {
      throw new Error('no build for this machine');
    });
    onTestFinished(() => void vi.doUnmock('usearch'));
    const fresh = await import('./collection-index.js');
    const source = new JournalSource({ dimension: 8 });
    source.commit({ upserted: groupedVectors(50, 8) });
    const directory = await temporaryDirectory();
    await expect(fresh.CollectionIndex.open(directory, source, { kind: 'hnsw' })).rejects.toMatchObject({
      code: 'index-unavailable',
      message: expect.stringContaining('npm install usearch'),
    });
    const index = await fresh.CollectionIndex.open(directory, source, { kind: 'auto' });
    expect(index.kind).toBe('exact');
    await index.close();
  });
});
