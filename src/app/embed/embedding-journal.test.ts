import { existsSync } from 'node:fs';
import { appendFile, mkdir, readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../../../test/fixtures/temporary-directory.js';
import { EmbeddingJournal, type JournalEntry } from './embedding-journal.js';

const identity = { model: 'a', sources: ['photos'] };
const dimension = 3;

async function made(): Promise<string> {
  const directory = join(await temporaryDirectory(), 'v.part');
  const journal = await EmbeddingJournal.open(directory, identity, dimension);
  await journal.append(
    [{ id: 'a' }, { id: 'x', skipped: 'no image' }, { id: 'b' }],
    Float32Array.of(1, 2, 3, 4, 5, 6),
  );
  await journal.append([{ id: 'line\u2028separator\n' }], Float32Array.of(7, 8, 9));
  await journal.close();
  return directory;
}

async function contents(directory: string) {
  const journal = await EmbeddingJournal.open(directory, identity, dimension);
  const entries: JournalEntry[] = [];
  for await (const entry of journal.read()) entries.push(entry);
  const vectors: number[] = [];
  for await (const rows of journal.readRows(2)) vectors.push(...rows);
  const { length, rows } = journal;
  await journal.close();
  return { entries, vectors, length, rows };
}

describe('EmbeddingJournal', () => {
  it('gives back what was appended, in order', async () => {
    expect(await contents(await made())).toEqual({
      entries: [
        { id: 'a', row: 0 },
        { id: 'x', skipped: 'no image' },
        { id: 'b', row: 1 },
        { id: 'line\u2028separator\n', row: 2 },
      ],
      vectors: [1, 2, 3, 4, 5, 6, 7, 8, 9],
      length: 4,
      rows: 3,
    });
  });

  it.each([
    ['half of a line', 'images.jsonl', -3],
    ['a line without its end', 'images.jsonl', -1],
    ['half of a vector', 'vectors.f32', -5],
    ['a line without a vector', 'vectors.f32', -12],
  ])('goes back to what is whole, of %s', async (_, file, cut) => {
    const directory = await made();
    const path = join(directory, file);
    await truncate(path, (await readFile(path)).length + cut);
    const { entries, vectors, length, rows } = await contents(directory);
    expect(entries.map(({ id }) => id)).toEqual(['a', 'x', 'b']);
    expect(vectors).toEqual([1, 2, 3, 4, 5, 6]);
    expect([length, rows]).toEqual([3, 2]);
  });

  it('drops vectors without a line, and goes on behind what is whole', async () => {
    const directory = await made();
    await appendFile(join(directory, 'vectors.f32'), Buffer.alloc(4 * dimension));
    const journal = await EmbeddingJournal.open(directory, identity, dimension);
    await journal.append([{ id: 'c' }], Float32Array.of(10, 11, 12));
    await journal.close();
    const { entries, vectors } = await contents(directory);
    expect(entries.at(-1)).toEqual({ id: 'c', row: 3 });
    expect(vectors.slice(-6)).toEqual([7, 8, 9, 10, 11, 12]);
  });

  it('refuses the journal of another run', async () => {
    const directory = await made();
    await expect(
      EmbeddingJournal.open(directory, { ...identity, model: 'b' }, dimension),
    ).rejects.toMatchObject({
      code: 'checkpoint-mismatch',
      message: expect.stringContaining('another model'),
    });
  });

  it('is written by one process at a time, and taken over from one that has died', async () => {
    const directory = await made();
    await writeFile(join(directory, 'lock'), `${process.ppid}`);
    await expect(EmbeddingJournal.open(directory, identity, dimension)).rejects.toThrow(
      `one that process ${process.ppid} is writing`,
    );
    await writeFile(join(directory, 'lock'), '999999999');
    expect((await contents(directory)).length).toBe(4);
    expect(existsSync(join(directory, 'lock'))).toBe(false);
  });

  it('goes back to where lines and vectors part, of a journal that two have written', async () => {
    const directory = await made();
    await appendFile(join(directory, 'images.jsonl'), '{"id":"twice","row":1}\n');
    await appendFile(join(directory, 'vectors.f32'), Buffer.alloc(4 * dimension));
    expect((await contents(directory)).entries.map(({ id }) => id)).not.toContain('twice');
  });

  it('leaves a folder alone that is none of its own', async () => {
    const directory = join(await temporaryDirectory(), 'v.part');
    await mkdir(directory);
    await writeFile(join(directory, 'images.jsonl'), 'mine');
    await expect(EmbeddingJournal.open(directory, identity, dimension)).rejects.toThrow(
      /images\.jsonl in it/,
    );
    expect(await readFile(join(directory, 'images.jsonl'), 'utf8')).toBe('mine');
  });

  it('is removed with nothing else, once written out or where nothing was done', async () => {
    const directory = await made();
    await writeFile(join(directory, 'notes.txt'), 'mine');
    const journal = await EmbeddingJournal.open(directory, identity, dimension);
    journal.isWrittenOut = true;
    await journal.close();
    expect(await readdir(directory)).toEqual(['notes.txt']);

    const empty = join(await temporaryDirectory(), 'w.part');
    await (await EmbeddingJournal.open(empty, identity, dimension)).close();
    expect(existsSync(empty)).toBe(false);
  });
});
