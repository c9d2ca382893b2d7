import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { keepsLabelledImagesContract } from '../../../test/contracts/labelled-images.js';
import { listed, writeImages } from '../../../test/fixtures/image-files.js';
import { temporaryDirectory } from '../../../test/fixtures/temporary-directory.js';
import { openImages } from '../source.js';
import { manifestSource } from './manifest-source.js';

/** A manifest of this content, and what it lists. */
async function manifest(name: string, content: string | Uint8Array) {
  const directory = await temporaryDirectory();
  const path = join(directory, name);
  await writeFile(path, content);
  return { directory, path, source: manifestSource(path) };
}

async function listedIn(name: string, content: string | Uint8Array) {
  const { directory, path, source } = await manifest(name, content);
  const { images, skipped } = await listed(source);
  return {
    images: images.map((image) => ({
      ...image,
      location: String(image.location).replace(`${directory}/`, './'),
    })),
    skipped: skipped.map(({ path: place, reason }) => `${place.replace(path, name)}: ${reason}`),
  };
}

describe('a CSV manifest', () => {
  it('gives path, label, split, id and group, and keeps the other columns', async () => {
    const { images, skipped } = await listedIn(
      'm.csv',
      'path,label,split,id,group,camera\ncats/1.jpg,cat,train,one,home,left\n/pictures/2.jpg,,val,,,\n',
    );
    expect(images).toEqual([
      {
        id: 'one',
        location: './cats/1.jpg',
        label: 'cat',
        split: 'train',
        group: 'home',
        metadata: { camera: 'left' },
      },
      { id: '/pictures/2.jpg', location: '/pictures/2.jpg', split: 'val' },
    ]);
    expect(skipped).toEqual([]);
  });

  it.each([
    ['commas', ','],
    ['semicolons', ';'],
    ['tabs', '\t'],
  ])('may be written with %s, a byte order mark, quotes and CRLF', async (_, delimiter) => {
    const row = (...cells: string[]) => `${cells.join(delimiter)}\r\n`;
    const content = `\ufeff${row('Label', '"path"', 'say, "; so')}${row('"a ""cat"""', `"one${delimiter} two\r\n.jpg"`, 'x')}`;
    const { images, skipped } = await listedIn('m.csv', content.replace('say, "; so', '"say, ; so"'));
    expect(images).toEqual([
      {
        id: `one${delimiter} two\r\n.jpg`,
        location: `./one${delimiter} two\r\n.jpg`,
        label: 'a "cat"',
        metadata: { 'say, ; so': 'x' },
      },
    ]);
    expect(skipped).toEqual([]);
  });

  it('tells of rows that name no image, by line, and reads on', async () => {
    const { images, skipped } = await listedIn(
      'm.csv',
      [
        'path,label,split,id',
        'a.jpg,x,train',
        ',x,test',
        'b.jpg,x,tset',
        'c.jpg,x,,a.jpg',
        '',
        'd.jpg,x,test,,too,many',
        'https://example.org/e.jpg,x',
        'f.jpg,"x',
        'y",Validation',
        'g.jpg',
      ].join('\n'),
    );
    expect(images.map(({ id, split }) => [id, split])).toEqual([
      ['a.jpg', 'train'],
      ['f.jpg', 'val'],
      ['g.jpg', undefined],
    ]);
    expect(skipped).toEqual([
      'm.csv:3: no path',
      'm.csv:4: the split "tset", not train, val or test',
      'm.csv:5: the id "a.jpg", which an earlier row has',
      'm.csv:7: 6 fields, where the header has 4',
      'm.csv:8: "https://example.org/e.jpg", a URL, where a file is needed',
    ]);
  });

  it('takes a stray quote for itself, and says from where on one that is never closed hides the rest', async () => {
    const stray = await listedIn('m.csv', 'path,label\n5" disk.jpg,x\nb.jpg,y\n');
    expect(stray.images.map(({ id }) => id)).toEqual(['5" disk.jpg', 'b.jpg']);
    const open = await listedIn(
      'm.csv',
      `path,label\na.jpg,x\n"b.jpg,x\nc.jpg,${'z'.repeat(2_000_000)}\nd.jpg,x\n`,
    );
    expect(open.images.map(({ id }) => id)).toEqual(['a.jpg']);
    expect(open.skipped).toEqual(['m.csv:3: a quote that is never closed; nothing from here on was read']);
  });

  it.each([
    ['no column path', 'file,label\na.jpg,x\n', 'got the columns "file", "label"; name the column'],
    ['a column twice', 'path,label,label\n', 'got two columns called "label"; give it a header'],
    ['nothing in it', '', 'got an empty file; give it a header such as path,label'],
    [
      'UTF-16',
      Buffer.from('\ufeffpath\n', 'utf16le'),
      'expected a manifest in UTF-8, got UTF-16; save it as CSV UTF-8',
    ],
  ])('is damaged with %s', async (_, content, says) => {
    await expect(listedIn('m.csv', content)).rejects.toMatchObject({
      code: 'source-damaged',
      message: expect.stringContaining(says),
    });
  });

  it('that is not there is an error with its name', async () => {
    await expect(openImages('/no/such/m.csv')).rejects.toMatchObject({ code: 'unknown-source' });
  });
});

describe('a JSON Lines manifest', () => {
  it('keeps what is beside the columns with its type, lists and objects as text', async () => {
    const rows = [
      {
        path: 'a.jpg',
        label: 7,
        split: 'test',
        id: null,
        group: 3,
        width: 640,
        sharp: true,
        note: null,
        box: [1, 2],
      },
      { path: 'b.jpg' },
    ];
    const { images, skipped } = await listedIn(
      'm.jsonl',
      rows.map((row) => JSON.stringify(row)).join('\r\n'),
    );
    expect(images).toEqual([
      {
        id: 'a.jpg',
        location: './a.jpg',
        label: '7',
        split: 'test',
        group: '3',
        metadata: { width: 640, sharp: true, note: null, box: '[1,2]' },
      },
      { id: 'b.jpg', location: './b.jpg' },
    ]);
    expect(skipped).toEqual([]);
  });

  it('tells of lines that name no image, by number, and reads on', async () => {
    const lines = [
      '{"path": "a.jpg"}',
      'a.jpg',
      '[]',
      '',
      '{"path": 5}',
      '{"label": "x"}',
      '{"path": "b.jpg"}',
    ];
    const { images, skipped } = await listedIn('m.ndjson', lines.join('\n'));
    expect(images.map(({ id }) => id)).toEqual(['a.jpg', 'b.jpg']);
    expect(skipped).toEqual([
      'm.ndjson:2: not a JSON object',
      'm.ndjson:3: not a JSON object',
      'm.ndjson:5: a path that is 5, not a text',
      'm.ndjson:6: no path',
    ]);
  });

  it('without a single path is damaged, and says which columns it has', async () => {
    await expect(listedIn('m.jsonl', '{"file": "a.jpg", "label": "x"}\n')).rejects.toMatchObject({
      code: 'source-damaged',
      message: expect.stringContaining('got the columns "file", "label"'),
    });
  });
});

describe('a manifest that is opened', () => {
  async function photos(rows: string) {
    const { directory, path } = await manifest('m.csv', rows);
    await writeImages(directory, ['p/0.png', 'p/1.png', 'p/2.png', 'p/3.png', 'p/4.png']);
    return { path, options: { home: join(directory, 'home') }, directory };
  }

  const split = [
    'path,label,split,camera',
    'p/0.png,a,train,left',
    'p/1.png,b,train,right',
    'p/2.png,a,val,left',
    'p/3.png,b,test,',
    'p/4.png,b,,left',
  ].join('\n');

  keepsLabelledImagesContract(async () => {
    const { path, options } = await photos(split);
    return openImages(path, options);
  });

  it('has the splits and labels that it gives, and its metadata', async () => {
    const { path, options } = await photos(split);
    const ids = async (part: string) => {
      const images = await openImages(`${path}:${part}`, options);
      return Array.from({ length: images.length }, (_, i) => images.id(i));
    };
    expect(await ids('train')).toEqual(['p/0.png', 'p/1.png']);
    expect(await ids('val')).toEqual(['p/2.png']);
    expect(await ids('test')).toEqual(['p/3.png']);
    expect(await ids('all')).toEqual(['p/0.png', 'p/1.png', 'p/2.png', 'p/3.png', 'p/4.png']);
    const images = await openImages(`${path}:test`, options);
    expect(images.classNames).toEqual(['a', 'b']);
    expect([...images.labels]).toEqual([1]);
    const all = await openImages(path, options);
    expect([0, 3].map((index) => all.metadata!(index))).toEqual([{ camera: 'left' }, {}]);
    const unseen = await openImages(`${path}:unseen-classes`, options);
    expect(unseen.metadata!(0)).toHaveProperty('camera');
  });

  it('lists rows without a label, files that are not there, and folders, and goes on without them', async () => {
    const { path, options, directory } = await photos(
      'path,label\np/0.png,a\np/1.png,\np/gone.png,a\np,b\np/2.png,b\n',
    );
    const images = await openImages(path, options);
    expect(images).toHaveLength(2);
    expect(images.skipped).toEqual([
      { path: join(directory, 'p/1.png'), reason: 'no label' },
      { path: join(directory, 'p/gone.png'), reason: 'no such file' },
      { path: join(directory, 'p'), reason: 'not a file' },
    ]);
  });

  it('is an error where labels are needed and it has none, and is taken where they are not', async () => {
    const { path, options } = await photos('path\np/0.png\np/1.png\n');
    await expect(openImages(path, options)).rejects.toMatchObject({
      code: 'empty-source',
      message: expect.stringMatching(
        /m\.csv: expected a manifest that gives labels, got 2 image files without a label; name the class/,
      ),
    });
    const images = await openImages(path, { ...options, labels: 'optional' });
    expect([images.length, images.classNames]).toEqual([2, ['p']]);
  });

  it('keeps groups together where it gives no splits', async () => {
    const groups = ['x', 'x', 'y', 'y', 'z'];
    const rows = groups.map((group, i) => `p/${i}.png,a,${group}`);
    const { path, options } = await photos(['path,label,group', ...rows].join('\n'));
    const of = async (part: string) => {
      const images = await openImages(`${path}:${part}`, options);
      return Array.from({ length: images.length }, (_, i) => groups[Number(images.id(i)[2])]);
    };
    const [train, test] = [await of('train'), await of('test')];
    expect(train.length + test.length).toBe(5);
    expect(new Set(test).size).toBe(1);
    expect(train.filter((group) => test.includes(group))).toEqual([]);
  });

  it('has no validation split where it gives none', async () => {
    const { path, options } = await photos('path,label\np/0.png,a\n');
    await expect(openImages(`${path}:val`, options)).rejects.toMatchObject({
      code: 'empty-source',
      message: expect.stringContaining('imagekin data split'),
    });
  });
});
