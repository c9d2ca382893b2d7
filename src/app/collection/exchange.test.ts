import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { filledCollection } from '../../../test/fixtures/filled-collection.js';
import { temporaryDirectory } from '../../../test/fixtures/temporary-directory.js';
import { tinyModel } from '../../../test/fixtures/tiny-model.js';
import { Collection } from '../../collection/collection.js';
import { decodeModel } from '../../embedding/model-file.js';
import { collectionStatus } from './collection-status.js';
import { exchangeFormatNames } from './exchange/exchange-format.js';
import { exportCollection } from './export-collection.js';
import { importCollection } from './import-collection.js';

/** Everything of a collection but the ids. */
async function contentOf(directory: string, scratch: string) {
  const out = join(scratch, `${Math.random()}.jsonl`);
  await exportCollection({ collection: directory, out });
  const lines = (await readFile(out, 'utf8')).trimEnd().split('\n');
  return lines.map((line) => ({ ...JSON.parse(line), id: undefined }));
}

describe('export and import', () => {
  it.each(exchangeFormatNames)('keep all of a collection in %s', async (format) => {
    const { directory, root, collection } = await filledCollection(2100);
    collection.close();
    const out = join(root, `photos.${format}`);
    const exported = await exportCollection({ collection: directory, out, vectors: true });
    expect(exported).toMatchObject({ images: 2100, dimension: 5, format, withoutVector: 0, missing: 0 });

    const copy = join(root, 'copy.kin');
    const imported = await importCollection({ collection: copy, file: out });
    expect(imported).toMatchObject({
      finished: true,
      model: 'drawn',
      modelId: 'drawn',
      added: 2100,
      updated: 0,
      normalized: 0,
      skipped: [],
    });
    expect(await contentOf(copy, root)).toEqual(await contentOf(directory, root));
    // The next search need not make it.
    const { index } = await collectionStatus({ collection: copy });
    expect(index.state).toMatchObject({ vectors: 2100, stale: false });

    const again = join(root, `again.${format}`);
    await exportCollection({ collection: copy, out: again, vectors: true });
    expect((await readFile(again)).equals(await readFile(out))).toBe(true);
    expect(await importCollection({ collection: copy, file: out })).toMatchObject({
      added: 0,
      updated: 2100,
    });
  });

  it('leave out what is missing or has no vector, and say how many', async () => {
    const { directory, root, collection, ids } = await filledCollection(6);
    const { catalog } = collection;
    catalog.write(() => {
      catalog.images.markMissing([ids[1]!]);
      catalog.db.run('DELETE FROM vectors WHERE image = ?', ids[4]!);
    });
    const result = await exportCollection({ collection: directory, out: join(root, 'x.npy') });
    expect(result).toMatchObject({ images: 4, missing: 1, withoutVector: 1 });
    const rows = (await readFile(join(root, 'x.npy.images.jsonl'), 'utf8')).trimEnd().split('\n');
    expect(rows.map((row) => JSON.parse(row).id)).toEqual([ids[0], ids[2], ids[3], ids[5]]);
    collection.close();
  });

  it('write CSV without vectors unless told, which then cannot be imported', async () => {
    const { directory, root, collection } = await filledCollection(3);
    collection.close();
    const out = join(root, 'x.csv');
    await exportCollection({ collection: directory, out });
    const [header] = (await readFile(out, 'utf8')).split('\r\n');
    expect(header).toBe(
      'id,name,path,entry,archived,source,size,mtime,sha256,width,height,format,label,split,addedAt,model,' +
        'metadata.empty,metadata.maker,metadata.note,metadata.on sale,metadata.price,metadata.tags',
    );
    await expect(importCollection({ collection: join(root, 'y.kin'), file: out })).rejects.toThrow(
      /--vectors/,
    );
  });
});

describe('an exported FAISS file', () => {
  it('has the bytes that the layout of FAISS wants', async () => {
    const root = await temporaryDirectory();
    const lines = [
      { name: 'a', embedding: [1, 0] },
      { name: 'b', embedding: [0, -1] },
    ];
    await writeFile(join(root, 'a.jsonl'), lines.map((line) => JSON.stringify(line)).join('\n'));
    await importCollection({ collection: join(root, 'a.kin'), file: join(root, 'a.jsonl'), modelId: 'm' });
    await exportCollection({ collection: join(root, 'a.kin'), out: join(root, 'a.faiss') });
    const header = (letters: string) =>
      `${Buffer.from(letters).toString('hex')} 02000000 0200000000000000 0000100000000000 0000100000000000 01 00000000`;
    const golden = [
      header('IxMp'),
      header('IxFI'),
      '0400000000000000 0000803f 00000000 00000000 000080bf',
      '0200000000000000 0100000000000000 0200000000000000',
    ];
    const bytes = await readFile(join(root, 'a.faiss'));
    expect(bytes.toString('hex')).toBe(golden.join('').replaceAll(' ', ''));
  });

  it('is read and searched by FAISS', async ({ skip }) => {
    const python = await pythonWithFaiss();
    if (python === undefined) {
      console.info('skipped: no python3 with faiss');
      skip();
    }
    const { directory, root, collection, ids } = await filledCollection(50);
    const expected = collection.vectors.of(Uint32Array.from(ids)).vectors;
    collection.close();
    const out = join(root, 'x.faiss');
    await exportCollection({ collection: directory, out });
    const program = `
import faiss, json, sys
index = faiss.read_index(sys.argv[1])
flat = faiss.downcast_index(index.index)
vectors = flat.reconstruct_n(0, flat.ntotal)
scores, ids = index.search(vectors, 1)
print(json.dumps(dict(metric=index.metric_type, vectors=vectors.ravel().tolist(),
                      found=ids[:, 0].tolist(), least=float(scores.min()))))`;
    const { stdout } = await promisify(execFile)(python!, ['-c', program, out]);
    const read = JSON.parse(stdout);
    expect(read.found).toEqual(ids);
    expect(read.least).toBeGreaterThan(0.9999);
    expect(read.metric).toBe(0);
    expect(Float32Array.from(read.vectors)).toEqual(expected);
  });
});

async function pythonWithFaiss(): Promise<string | undefined> {
  for (const python of [process.env.PYTHON, 'python3', '/usr/bin/python3']) {
    if (python === undefined) continue;
    const found = await promisify(execFile)(python, ['-c', 'import faiss']).catch(() => undefined);
    if (found) return python;
  }
  return undefined;
}

describe('importing', () => {
  async function file(name: string, text: string | Uint8Array) {
    const root = await temporaryDirectory();
    const path = join(root, name);
    await writeFile(path, text);
    return { path, collection: join(root, 'x.kin'), root };
  }
  const jsonl = (...rows: unknown[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('');

  it('takes what other programs write, and brings vectors to unit length', async () => {
    const { path, collection, root } = await file(
      'theirs.jsonl',
      jsonl(
        { id: 'one', colour: 'red', embedding: [3, 4] },
        { path: 'b.jpg', label: 'cat', embedding: [0, 1] },
      ),
    );
    const result = await importCollection({ collection, file: path, modelId: 'clip' });
    expect(result).toMatchObject({ added: 2, normalized: 1, dimension: 2, model: 'clip', skipped: [] });
    const opened = Collection.open(collection);
    const [one, two] = [...opened.catalog.images.each()];
    expect(one).toMatchObject({
      name: 'one',
      path: 'import:theirs.jsonl',
      entry: 'one',
      metadata: { colour: 'red' },
    });
    expect(two).toMatchObject({ name: 'b.jpg', path: join(root, 'b.jpg'), entry: '', label: 'cat' });
    expect([...opened.vectors.of(Uint32Array.of(1)).vectors]).toEqual([Math.fround(0.6), Math.fround(0.8)]);
    await expect(opened.modelBytes()).rejects.toThrow(expect.objectContaining({ code: 'model-missing' }));
    opened.close();
  });

  it('skips rows that are of no use, and says which', async () => {
    const { path, collection } = await file(
      'bad.jsonl',
      `${jsonl(
        { id: 1, embedding: [1, 0] },
        { id: 2, embedding: [1, 0, 0] },
        { id: 3, embedding: [0, 0] },
        { id: 4, embedding: [1, 'x'] },
        { id: 5, label: 7, embedding: [1, 0] },
        { id: 6, width: -1, embedding: [1, 0] },
        { id: 7, embedding: [1e39, 0] },
        { id: 8, model: 'other', embedding: [1, 0] },
      )}no json\n${jsonl({ id: 9, embedding: [0, 1] })}`,
    );
    const result = await importCollection({ collection, file: path, modelId: 'm' });
    expect(result.added).toBe(2);
    expect(
      result.skipped.map(({ path: where, reason }) => `${where.slice(path.length)} ${reason}`).sort(),
    ).toEqual([
      ': line 2 3 numbers, where the first has 2',
      ': line 3 a vector of zeros',
      ': line 4 no "embedding" that is a list of numbers',
      ': line 5 "label" is no text',
      ': line 6 "width" is no whole number of at least 0',
      ': line 7 a vector with NaN or infinity',
      ': line 8 a vector of another model, other',
      ': line 9 not a JSON object',
    ]);
  });

  it.each([
    ['no model', {}, 'wrong-usage'],
    ['vectors of another length than is said', { modelId: 'm', dimension: 3 }, 'model-mismatch'],
  ])('refuses %s', async (_, options, code) => {
    const { path, collection } = await file('a.jsonl', jsonl({ id: 1, embedding: [1, 0] }));
    await expect(importCollection({ collection, file: path, ...options })).rejects.toMatchObject({ code });
    expect(() => Collection.open(collection)).toThrow(/expected a collection/);
  });

  it('refuses vectors that are not of the model of the collection', async () => {
    const { directory, root, collection } = await filledCollection(3);
    collection.close();
    const of = async (text: string) => {
      const path = join(root, 'more.jsonl');
      await writeFile(path, text);
      return importCollection({ collection: directory, file: path });
    };
    const embedding = [1, 0, 0, 0, 0];
    await expect(of(jsonl({ id: 1, embedding }))).rejects.toMatchObject({ code: 'wrong-usage' });
    await expect(of(jsonl({ id: 1, model: 'y', embedding }))).rejects.toMatchObject({
      code: 'model-mismatch',
    });
    await expect(of(jsonl({ id: 1, model: 'drawn', embedding: [1] }))).rejects.toMatchObject({
      code: 'model-mismatch',
    });
    expect(await of(jsonl({ id: 1, model: 'drawn', embedding }))).toMatchObject({ added: 1 });
  });

  it('keeps the model that it is given, and gives it to a collection that had vectors alone', async () => {
    const bytes = tinyModel();
    const { id, dimension } = decodeModel(bytes, 'tiny');
    const embedding = Array.from({ length: dimension }, (_, i) => (i === 0 ? 1 : 0));
    const { path, collection, root } = await file('a.jsonl', jsonl({ id: 1, model: id, embedding }));
    const model = join(root, 'tiny.onnx');
    await writeFile(model, bytes);
    await importCollection({ collection, file: path });
    await importCollection({ collection, file: path, model });
    const opened = Collection.open(collection);
    expect(opened.model).toMatchObject({ id, hasFile: true });
    expect(Buffer.from(bytes).equals(await opened.modelBytes())).toBe(true);
    opened.close();
  });

  it.each([
    ['x.npy', 'no array'],
    ['x.faiss', 'no index, but long enough to be looked at as one'],
    ['x.arrow', 'no table'],
    ['x.csv', ''],
    ['x.jsonl', ''],
  ])('says of %s what is wrong with it', async (name, text) => {
    const { path, collection } = await file(name, text);
    await expect(importCollection({ collection, file: path, modelId: 'm' })).rejects.toMatchObject({
      code: 'source-damaged',
    });
  });

  it('refuses a file of vectors whose lines are of others', async () => {
    const { directory, root, collection } = await filledCollection(3);
    collection.close();
    const out = join(root, 'x.npy');
    await exportCollection({ collection: directory, out });
    const lines = (await readFile(`${out}.images.jsonl`, 'utf8')).split('\n');
    await writeFile(`${out}.images.jsonl`, lines.slice(1).join('\n'));
    await expect(importCollection({ collection: join(root, 'y.kin'), file: out })).rejects.toThrow(
      /expected 3 lines, as many as vectors, got 2/,
    );
  });
});
