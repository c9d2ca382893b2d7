import { spawn } from 'node:child_process';
import { copyFile, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { crc32 } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { CollectionIndex, type CollectionIndexOptions } from '../../src/collection/index/index.js';
import { Random } from '../../src/core/random.js';
import { JournalSource } from '../fixtures/journal-source.mjs';
import { temporaryDirectory } from '../fixtures/temporary-directory.js';
import { groupedVectors, joined, unitVector } from '../fixtures/unit-vectors.js';
import { naiveNearest } from '../oracle/nearest.js';
import { expectHits, expectMostHits } from './vector-index.js';

const dimension = 16;

/** What the index of a collection owes it, whatever kind it is of. */
export function keepsCollectionIndexContract(
  options: CollectionIndexOptions,
  { approximate = false }: { readonly approximate?: boolean } = {},
): void {
  describe('the contract of a collection and its index', () => {
    async function open(
      directory: string,
      source: JournalSource,
      more: CollectionIndexOptions = {},
    ): Promise<CollectionIndex> {
      const index = await CollectionIndex.open(directory, source, { threads: 1, ...options, ...more });
      onTestFinished(() => index.close());
      return index;
    }

    function filledSource(count = 900, seed = 0): JournalSource {
      const source = new JournalSource({ dimension });
      const vectors = [...groupedVectors(count, dimension, { seed })];
      source.commit({ upserted: new Map(vectors.slice(0, count >> 1)) });
      source.commit({ upserted: new Map(vectors.slice(count >> 1)), removed: [5, 6, 7] });
      return source;
    }

    const queries = Array.from({ length: 12 }, (_, i) => unitVector(Random.of(i, 'query'), dimension));

    /** Holds its answers, over all and among some, against the oracle. */
    async function expectTrue(index: CollectionIndex, vectors: ReadonlyMap<number, Float32Array>) {
      const found = await index.search(joined(queries), 10);
      let recall = 0;
      for (const [i, query] of queries.entries())
        if (approximate) recall += expectMostHits(found[i]!, query, vectors, 10) / queries.length;
        else expectHits(found[i]!, naiveNearest(query, vectors, 10));
      if (approximate) expect(recall).toBeGreaterThanOrEqual(0.95);
      const among = Uint32Array.from({ length: 300 }, (_, i) => 3 * i);
      const [some] = await index.search(queries[0]!, 10, { among });
      expectHits(some!, naiveNearest(queries[0]!, vectors, 10, new Set(among)));
      expect(index.size).toBe(vectors.size);
    }

    it('finds what its source holds, and what is committed to it later, at once', async () => {
      const source = filledSource();
      const index = await open(await temporaryDirectory(), source);
      await expectTrue(index, source.at());
      source.commit({
        upserted: groupedVectors(60, dimension, { seed: 8, firstId: 880 }),
        removed: [1, 2, 100, 4000],
      });
      expect(await index.state()).toMatchObject({ stale: true, vectors: 897 });
      await expectTrue(index, source.at());
      expect(await index.state()).toMatchObject({ stale: false, change: 3, vectors: source.count() });
      source.commit({ removed: [...source.at().keys()] });
      expect(await index.search(queries[0]!, 3)).toEqual([[]]);
    });

    it('is opened from its files, without the vectors being read again', async () => {
      const directory = await temporaryDirectory();
      const source = filledSource();
      const first = await open(directory, source);
      await first.save();
      const state = await first.state();
      await first.close();
      source.readsOfAll = 0;
      const second = await open(directory, source);
      expect(await second.state()).toEqual(state);
      expect(state).toMatchObject({ kind: options.kind, vectors: 897, stale: false });
      expect(state.bytesOnDisk).toBeGreaterThan(897 * dimension * 4);
      await expectTrue(second, source.at());
      // What has come since the files were written is no reason to write others, but it is there.
      source.commit({ upserted: groupedVectors(40, dimension, { seed: 3, firstId: 890 }), removed: [9, 10] });
      await expectTrue(await open(directory, source), source.at());
      expect(source.readsOfAll).toBe(0);
    });

    it('makes files anew when they are missing or damaged, whichever and however', async () => {
      const source = filledSource();
      const sound = await temporaryDirectory();
      const written = await open(sound, source);
      await written.rebuild();
      const names = await readdir(sound);
      expect(names).toHaveLength(options.kind === 'hnsw' ? 3 : 2);
      const damages: Record<string, (path: string, bytes: Buffer) => Promise<void>> = {
        missing: (path) => rm(path),
        empty: (path) => truncate(path, 0),
        'cut in half': (path, { length }) => truncate(path, length >> 1),
        'one byte short': (path, { length }) => truncate(path, length - 1),
        'longer by a byte': (path, bytes) => writeFile(path, Buffer.concat([bytes, Buffer.of(0)])),
        'of zeros': (path, { length }) => writeFile(path, Buffer.alloc(length)),
        'with another magic': (path, bytes) => writeFile(path, bytes.fill('JUNK', 0, 4)),
        ...Object.fromEntries(
          [0.001, 0.1, 0.4, 0.6, 0.97, 0.9999].map((place) => [
            `with a bit flipped at ${place}`,
            (path: string, bytes: Buffer) => {
              bytes[Math.floor(place * bytes.length)]! ^= 4;
              return writeFile(path, bytes);
            },
          ]),
        ),
      };
      for (const name of names)
        for (const [damage, apply] of Object.entries(damages)) {
          const directory = await temporaryDirectory();
          for (const copied of names) await copyFile(join(sound, copied), join(directory, copied));
          await apply(join(directory, name), await readFile(join(directory, name)));
          source.readsOfAll = 0;
          const index = await open(directory, source);
          expect(source.readsOfAll, `${name} ${damage}`).toBe(1);
          await expectTrue(index, source.at());
          await index.close();
        }
    });

    it('makes files anew that a later version has written', async () => {
      const source = filledSource();
      const directory = await temporaryDirectory();
      await (await open(directory, source)).rebuild();
      const rowsName = (await readdir(directory)).find((name) => name.endsWith('.rows'))!;
      const manifest = join(directory, 'manifest.json');
      const { index: body } = JSON.parse(await readFile(manifest, 'utf8'));
      const later = { format: 'imagekin-index', version: 2, crc32: crc32(JSON.stringify(body)), index: body };
      await writeFile(manifest, JSON.stringify(later));
      source.readsOfAll = 0;
      await expectTrue(await open(directory, source), source.at());
      expect(source.readsOfAll).toBe(1);

      // A rows file of a later version, with all checksums right.
      const second = await temporaryDirectory();
      await (await open(second, source)).rebuild();
      const name = (await readdir(second)).find((name) => name.endsWith('.rows'))!;
      expect(name).not.toBe(rowsName);
      const bytes = await readFile(join(second, name));
      bytes.writeUInt32LE(2, 4);
      const sum = crc32(bytes.subarray(0, -4));
      bytes.writeUInt32LE(sum, bytes.length - 4);
      await writeFile(join(second, name), bytes);
      const { index: named } = JSON.parse(await readFile(join(second, 'manifest.json'), 'utf8'));
      named.rows.crc32 = sum;
      const same = {
        format: 'imagekin-index',
        version: 1,
        crc32: crc32(JSON.stringify(named)),
        index: named,
      };
      await writeFile(join(second, 'manifest.json'), JSON.stringify(same));
      source.readsOfAll = 0;
      await expectTrue(await open(second, source), source.at());
      expect(source.readsOfAll).toBe(1);
    });

    it('is built anew where files are of another model, or of vectors of another length', async () => {
      const directory = await temporaryDirectory();
      await (await open(directory, filledSource())).rebuild();
      const other = filledSource(900, 4);
      other.modelId = 'model b';
      await expectTrue(await open(directory, other), other.at());
      expect(other.readsOfAll).toBe(1);
      await (await open(directory, other)).rebuild();
      const longer = new JournalSource({ dimension: 24, modelId: 'model b' });
      longer.commit({ upserted: groupedVectors(500, 24) });
      longer.commit({});
      const index = await open(directory, longer);
      const query = unitVector(Random.of(1), 24);
      const among = Uint32Array.from(longer.at().keys());
      expectHits((await index.search(query, 5, { among }))[0]!, naiveNearest(query, longer.at(), 5));
    });

    it('follows a source that turns to the vectors of another model, and refuses queries of the one before', async () => {
      const source = filledSource();
      const index = await open(await temporaryDirectory(), source);
      await index.search(queries[0]!, 1, { modelId: 'model a' });
      source.modelId = 'model b';
      source.commit({ upserted: groupedVectors(900, dimension, { seed: 6 }) });
      await expect(index.search(queries[0]!, 1, { modelId: 'model a' })).rejects.toMatchObject({
        code: 'model-mismatch',
      });
      await expect(index.search(new Float32Array(dimension - 1), 1)).rejects.toMatchObject({
        code: 'shape-mismatch',
      });
      await expectTrue(index, source.at());
    });

    it('follows a source that was put back to an earlier state', async () => {
      const directory = await temporaryDirectory();
      const source = filledSource();
      source.commit({ removed: [50, 60, 70] });
      const index = await open(directory, source);
      await index.rebuild();
      source.putBack(1);
      await expectTrue(index, source.at());
      await expectTrue(await open(directory, source), source.at());
      // The same number of changes, but others: there are not as many vectors as the files say.
      await index.rebuild();
      source.putBack(1);
      source.commit({ upserted: groupedVectors(30, dimension, { seed: 2 }) });
      await expectTrue(await open(directory, source), source.at());
    });

    it('removes the files that are not the index any more', async () => {
      const directory = await temporaryDirectory();
      const source = filledSource();
      const index = await open(directory, source);
      await index.rebuild();
      const before = await readdir(directory);
      await writeFile(join(directory, 'notes.txt'), 'of the user');
      await index.rebuild();
      const after = await readdir(directory);
      expect(after).toHaveLength(before.length + 1);
      expect(after).toContain('notes.txt');
      expect(after.filter((name) => before.includes(name))).toEqual(['manifest.json']);
      await expectTrue(index, source.at());
    });

    it('can be stopped while it is built, and is as it was then', async () => {
      const directory = await temporaryDirectory();
      const source = filledSource();
      const index = await open(directory, source);
      await index.rebuild();
      const before = await readdir(directory);
      const stop = new AbortController();
      const tasks: string[] = [];
      const building = index.rebuild({
        signal: stop.signal,
        onProgress: ({ task }) => {
          tasks.push(task);
          stop.abort(new Error('enough'));
        },
      });
      await expect(building).rejects.toThrow('enough');
      expect(tasks).toEqual(['reading vectors']);
      expect(await readdir(directory)).toEqual(before);
      await expectTrue(index, source.at());
    });

    it('searches where nothing can be written', async () => {
      const file = join(await temporaryDirectory(), 'a file');
      await writeFile(file, '');
      const source = filledSource();
      const index = await open(join(file, 'index'), source);
      await index.save();
      const [found] = await index.search(queries[0]!, 10);
      expectHits(found!, naiveNearest(queries[0]!, source.at(), 10));
      expect((await index.state()).bytesOnDisk).toBe(0);
    });

    it('says what its files hold without opening them', async () => {
      const directory = await temporaryDirectory();
      const source = filledSource();
      expect(await CollectionIndex.inspect(directory, source)).toBeNull();
      const index = await open(directory, source);
      await index.rebuild();
      expect(await CollectionIndex.inspect(directory, source)).toEqual(await index.state());
      source.commit({ removed: [300] });
      expect(await CollectionIndex.inspect(directory, source)).toMatchObject({ stale: true });
    });

    it('is right in one process while another changes the collection and builds the index again and again', async () => {
      const directory = await temporaryDirectory();
      const path = join(directory, 'journal.jsonl');
      const source = new JournalSource({ dimension, path });
      source.commit({ upserted: groupedVectors(700, dimension) });
      const changes = 25;
      const writer = spawn(
        process.execPath,
        [
          fileURLToPath(new URL('../fixtures/index-writer.mjs', import.meta.url)),
          ...[join(directory, 'index'), path, options.kind ?? 'auto', `${changes}`],
        ],
        { stdio: ['ignore', 'inherit', 'inherit'] },
      );
      onTestFinished(() => void writer.kill());
      const ended = new Promise<number | null>((resolve) => writer.on('close', resolve));
      let running = true;
      void ended.then(() => {
        running = false;
      });
      const seen = new Set<number>();
      while (running) {
        const index = await open(join(directory, 'index'), source);
        for (let search = 0; search < 3; search++) {
          const found = await index.search(queries[search]!, 10);
          const { change } = await index.state();
          seen.add(change);
          if (approximate)
            expect(expectMostHits(found[0]!, queries[search]!, source.at(change), 10)).toBeGreaterThan(0.6);
          else expectHits(found[0]!, naiveNearest(queries[search]!, source.at(change), 10));
        }
        await index.close();
      }
      expect(await ended).toBe(0);
      expect(seen.size).toBeGreaterThan(3);
      expect(source.change()).toBe(changes + 1);
      // What is left is the last generation, and it is sound.
      source.readsOfAll = 0;
      await expectTrue(await open(join(directory, 'index'), source), source.at());
      expect(source.readsOfAll).toBe(0);
    });
  });
}
