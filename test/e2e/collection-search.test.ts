import { copyFile, readFile, utimes, writeFile } from 'node:fs/promises';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type SearchCollectionOptions,
  searchCollection,
} from '../../src/app/collection/search/search-collection.js';
import { Collection } from '../../src/collection/collection.js';
import { pictureFolder } from '../fixtures/picture-folder.js';
import { tinyModel, tinyTrained } from '../fixtures/tiny-model.js';
import { naiveNearest } from '../oracle/nearest.js';
import { CommandLine, errorLine } from './command-line.js';

const cli = new CommandLine();

interface Hit {
  readonly id: number;
  readonly rank: number;
  readonly score: number;
  readonly path: string;
  readonly label: string | null;
  readonly alike: readonly { readonly id: number; readonly path: string }[];
}

beforeAll(async () => {
  await pictureFolder(undefined, cli.directory);
  await writeFile(cli.path('model.onnx'), tinyModel());
  await writeFile(cli.path('other.onnx'), tinyModel(tinyTrained(2)));
  await copyFile(cli.path('pictures', 'blue', '2.png'), cli.path('pictures', 'amber', 'copy.png'));
  await sharp(cli.path('pictures', 'blue', '2.png'))
    .resize(60, 60)
    .png()
    .toFile(cli.path('larger.png'));
  await writeFile(cli.path('broken.jpg'), 'not a picture');
  const { code, stderr } = await cli.run('add', 'c.kin', 'pictures', '--model', 'model.onnx');
  expect(code, stderr).toBe(0);
});

/** What the collection knows, read beside the command line. */
function known() {
  const collection = Collection.open(cli.path('c.kin'));
  try {
    const images = [...collection.catalog.images.each()];
    const { ids, vectors } = collection.vectors.of(Uint32Array.from(images, ({ id }) => id));
    const { dimension } = collection.vectors;
    const byId = new Map(
      Array.from(ids, (id, i) => [id, vectors.slice(i * dimension, (i + 1) * dimension)] as const),
    );
    const idOf = (path: string) => images.find((image) => image.path === cli.path(...path.split('/')))!.id;
    return { images, vectors: byId, idOf };
  } finally {
    collection.close();
  }
}

const idsOf = (hits: readonly Hit[]) => hits.map(({ id }) => id);

async function hitsOf(...args: string[]): Promise<Hit[]> {
  const { results } = await cli.json('search', 'c.kin', ...args);
  expect(results).toHaveLength(1);
  return results[0].hits;
}

/** The same in this process, for what flags have no part in. */
async function found(
  query: string,
  options: Omit<SearchCollectionOptions, 'collection' | 'queries'>,
): Promise<readonly Hit[]> {
  const { results } = await searchCollection({
    collection: cli.path('c.kin'),
    queries: [query],
    threads: 1,
    ...options,
  });
  return results[0]!.hits;
}

/** Starts a search that is given its queries line by line. */
function asking(...args: string[]) {
  const { child, ended } = cli.start('search', 'c.kin', '-', '--jsonl', ...args);
  let text = '';
  let told = () => {};
  child.stdout!.on('data', (chunk) => {
    text += chunk;
    told();
  });
  const lines = () => text.split('\n').slice(0, -1);
  const answer = async (number: number) => {
    while (lines().length < number)
      await new Promise<void>((resolve) => {
        told = resolve;
      });
    return JSON.parse(lines()[number - 1]!);
  };
  return {
    ask: (line: string) => child.stdin!.write(`${line}\n`),
    answer,
    end: () => child.stdin!.end(),
    ended,
  };
}

describe('imagekin search in a collection', () => {
  it('finds what a plain comparison of everything finds', async () => {
    const { vectors, idOf } = known();
    const query = idOf('pictures/clay/3.png');
    const hits = await hitsOf(`id:${query}`, '-k', '30', '--no-fold', '--filter', 'id > 0');
    const expected = naiveNearest(vectors.get(query)!, vectors, 30).filter(({ id }) => id !== query);
    expect(idsOf(hits)).toEqual(expected.map(({ id }) => id));
    for (const [i, { score, rank }] of hits.entries()) {
      expect(score).toBeCloseTo(expected[i]!.score, 12);
      expect(rank).toBe(i + 1);
    }
  });

  it.each([
    ["label != 'blue'", (label: string | null) => label !== 'blue'],
    ['label in (amber, clay) and width = 24 and name ~ *.png', (label: string | null) => label !== 'blue'],
    ['name like */3.PNG', (_: unknown, name: string) => name.endsWith('/3.png')],
    ['label = nothing', () => false],
  ])('finds exactly what a filter leaves: %s', async (filter, holds) => {
    const { vectors, images, idOf } = known();
    const query = idOf('pictures/blue/1.png');
    const among = new Set(images.filter(({ label, name }) => holds(label, name)).map(({ id }) => id));
    const hits = await found(`#${query}`, { k: 30, fold: 'none', where: filter });
    const expected = naiveNearest(vectors.get(query)!, vectors, 30, among).filter(({ id }) => id !== query);
    expect(idsOf(hits)).toEqual(expected.map(({ id }) => id));
  });

  it('finds a file first that is in the collection, by its own pixels where it has changed', async () => {
    const id = known().idOf('pictures/clay/5.png');
    const [first] = await hitsOf('pictures/clay/5.png', '-k', '1');
    expect(first).toMatchObject({ id, rank: 1, label: 'clay', path: cli.path('pictures', 'clay', '5.png') });
    expect(first!.score).toBeCloseTo(1, 6);
    await copyFile(cli.path('pictures', 'clay', '5.png'), cli.path('elsewhere.png'));
    await utimes(cli.path('elsewhere.png'), 1, 1);
    expect((await hitsOf('elsewhere.png', '-k', '1'))[0]).toMatchObject({ id });
  });

  it('needs no model file for images that it has, and says so of others', async () => {
    const { idOf } = known();
    const model = await collectionModel();
    const bytes = await readFile(model);
    await writeFile(model, '');
    try {
      expect(await hitsOf(`id:${idOf('pictures/clay/5.png')}`, '-k', '1')).toHaveLength(1);
      expect(await hitsOf('pictures/clay/5.png', '-k', '1')).toHaveLength(1);
      const { code, stderr } = await cli.run('search', 'c.kin', 'larger.png');
      expect(code).toBe(1);
      expect(stderr).toMatch(errorLine);
    } finally {
      await writeFile(model, bytes);
    }
  });

  it('shows copies of a file once, unless it shall not', async () => {
    const { idOf } = known();
    const [original, copy] = [idOf('pictures/blue/2.png'), idOf('pictures/amber/copy.png')];
    const folded = await found(cli.path('larger.png'), { k: 30 });
    const shown = folded.find(({ alike }) => alike.length > 0)!;
    expect([shown.id, shown.alike[0]!.id].sort()).toEqual([original, copy].sort());
    expect(folded).toHaveLength(24);
    expect(await hitsOf('larger.png', '-k', '30', '--no-fold')).toHaveLength(25);
    expect((await hitsOf('larger.png', '-k', '30', '--fold', '-1')).length).toBe(1);
  });

  it.each([
    [[], {}],
    [['--diversity', '0.6'], { diversity: 0.6 }],
    [['--fold', '0.99'], { fold: 0.99 }],
  ])('goes on where a page ended: %j', async (flags, options) => {
    const file = cli.path('larger.png');
    const whole = idsOf(await found(file, { k: 4, ...options }));
    const next = await hitsOf('larger.png', '-k', '4', '--page', '2', ...flags);
    expect(next[0]?.rank ?? 5).toBe(5);
    expect(await found(file, { k: 4, page: 2, ...options })).toEqual(next);
    const both = await found(file, { k: 4, offset: 2, ...options });
    expect(idsOf(both)).toEqual([...whole, ...idsOf(next)].slice(2, 6));
  });

  it('searches by several images at once, towards and away', async () => {
    const { vectors, idOf } = known();
    const [a, b, c] = ['blue/1', 'clay/2', 'amber/3'].map((name) => idOf(`pictures/${name}.png`)) as [
      number,
      number,
      number,
    ];
    const hits = await hitsOf(`id:${a}^2`, `id:${b}`, '--unlike', `id:${c}^0.25`, '-k', '5', '--no-fold');
    const [va, vb, vc] = [vectors.get(a)!, vectors.get(b)!, vectors.get(c)!];
    const sum = va.map((value, i) => 2 * value + vb[i]! - 0.25 * vc[i]!);
    const expected = naiveNearest(sum, vectors, 20).filter(({ id }) => id !== a && id !== b && id !== c);
    expect(idsOf(hits)).toEqual(expected.slice(0, 5).map(({ id }) => id));
    const { results } = await cli.json('search', 'c.kin', `id:${a}`, `id:${b}`, '-k', '2');
    expect(results.map(({ query }: { query: string }) => query)).toEqual([`id:${a}`, `id:${b}`]);
    expect(await hitsOf(`id:${a}`, `id:${b}`, '--together', '-k', '2')).toHaveLength(2);
  });

  it('searches for a part of an image as for a file that holds this part alone', async () => {
    const part = { left: 12, top: 6, width: 12, height: 12 };
    await sharp(cli.path('pictures', 'clay', '1.png'))
      .extract(part)
      .png()
      .toFile(cli.path('part.png'));
    const [file, partFile] = [cli.path('pictures', 'clay', '1.png'), cli.path('part.png')];
    const expected = await found(partFile, { k: 5 });
    const id = known().idOf('pictures/clay/1.png');
    expect(await hitsOf('pictures/clay/1.png', '--crop', '12,6,12,12', '-k', '5')).toEqual(expected);
    expect(await found(file, { crop: '50%,25%,50%,50%', k: 5 })).toEqual(expected);
    expect(await found(file, { crop: '0.5,0.25,0.5,0.5', k: 5 })).toEqual(expected);
    const byId = await found(`id:${id}`, { crop: '12,6,12,12', k: 30, fold: 'none' });
    const others = (await found(partFile, { k: 30, fold: 'none' })).filter((hit) => hit.id !== id);
    expect(idsOf(byId)).toEqual(idsOf(others));
  });

  it('gives only what scores well enough', async () => {
    const all = await found(cli.path('larger.png'), { k: 30 });
    const least = all[4]!.score;
    expect(await hitsOf('larger.png', '-k', '30', '--min-score', String(least))).toEqual(
      all.filter(({ score }) => score >= least),
    );
  });

  it('answers each line of stdin as it comes, and finds what others write meanwhile', async () => {
    const { idOf } = known();
    const id = idOf('pictures/blue/4.png');
    const { ask, answer, end, ended } = asking('-k', '2');
    ask(`id:${id}`);
    expect(await answer(1)).toMatchObject({ query: `id:${id}`, hits: [{ rank: 1 }, { rank: 2 }] });
    ask('none.png');
    expect(await answer(2)).toMatchObject({ query: 'none.png', hits: [], error: { code: 'file-not-found' } });
    await copyFile(cli.path('larger.png'), cli.path('late.png'));
    expect((await cli.run('add', 'c.kin', 'late.png')).code).toBe(0);
    ask('larger.png');
    const late = await answer(3);
    expect(late.hits[0].path).toBe(cli.path('late.png'));
    end();
    const { code, stderr } = await ended;
    expect(code).toBe(3);
    expect(stderr).toContain('skipped none.png');
    const collection = Collection.open(cli.path('c.kin'));
    collection.catalog.write(() => collection.catalog.images.remove([late.hits[0].id]));
    collection.close();
  });

  it('goes on without queries that cannot be used, and lists them', async () => {
    const { code, stdout, stderr } = await cli.run(
      'search',
      'c.kin',
      'broken.jpg',
      'id:99999',
      'larger.png',
      '-k',
      '2',
    );
    expect(code).toBe(3);
    expect(stdout.split('\n')[0]).toMatch(/^query +rank +score +id +label +(alike +)?image$/);
    expect(stdout).toContain(cli.path('pictures'));
    expect(stderr).toContain('2 files skipped');
    const failed = await cli.run('search', 'c.kin', 'id:99999');
    expect(failed.code).toBe(1);
    expect(failed.stderr).toMatch(/^id:99999: expected an image of c\.kin, got none of this id/);
  });

  it('points at the place where a filter is wrong, and at keys that no image has', async () => {
    const wrong = await cli.run('search', 'c.kin', 'larger.png', '--filter', 'label = New York');
    expect(wrong.code).toBe(2);
    expect(wrong.stdout).toBe('');
    expect(wrong.stderr.split('\n').slice(1, 3)).toEqual(['  label = New York', '              ^']);
    const { code, stderr } = await cli.run('search', 'c.kin', 'larger.png', '--filter', 'lable = blue');
    expect(code).toBe(0);
    expect(stderr).toBe(
      'no image of c.kin has "lable"; did you mean label?\nsearched 0 images of c.kin\nthe filter leaves no image\n',
    );
  });

  it('draws what it found from the small pictures that it keeps', async () => {
    const { sheet } = await cli.json('search', 'c.kin', 'larger.png', '-k', '4', '--sheet', 'found.png');
    expect(sheet).toBe('found.png');
    const { format, width, height } = await sharp(cli.path('found.png')).metadata();
    expect(format).toBe('png');
    expect(Math.min(width!, height!)).toBeGreaterThan(100);
  });

  it.each([
    [
      ['id:1', '--model', 'other.onnx'],
      /expected the model of the collection, .*, got another one, other\.onnx/,
      1,
    ],
    [['id:1', '--min-probability', '0.5'], /expected a calibrated model/, 2],
    [['larger.png', '--crop', '50,50,20,20'], /expected a part of its 60 × 60 pixels/, 2],
    [['larger.png', '--crop', '1,2,3'], /--crop: expected x,y,width,height/, 2],
    [['larger.png^0'], /expected a weight above 0/, 2],
    [['id:1', '--unlike', 'id:1^1'], /cancel each other out/, 2],
    [['id:1', '--page', '2', '--offset', '3'], /expected a page or an offset/, 2],
    [['id:1', '-'], /expected - alone/, 2],
  ])('says what is wrong with %j', async (args, message, code) => {
    const ended = await cli.run('search', 'c.kin', ...args);
    expect(ended.stderr).toMatch(message);
    expect(ended.stderr).toMatch(errorLine);
    expect(ended.code).toBe(code);
  });

  it('accepts the model that is its own', async () => {
    expect(await hitsOf('id:1', '--model', 'model.onnx', '-k', '1')).toHaveLength(1);
  });

  it('keeps flags of collections from sources', async () => {
    const { code, stderr } = await cli.run(
      'search',
      'pictures',
      'larger.png',
      '--model',
      'model.onnx',
      '--page',
      '2',
    );
    expect(code).toBe(2);
    expect(stderr).toMatch(/--page: expected a collection to search in, got pictures/);
    expect((await cli.run('search', 'pictures', 'larger.png')).stderr).toMatch(/expected --model/);
  });
});

async function collectionModel(): Promise<string> {
  const collection = Collection.open(cli.path('c.kin'));
  try {
    return cli.path('c.kin', 'models', `${collection.model.id}.onnx`);
  } finally {
    collection.close();
  }
}
