import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeZip } from '../fixtures/make-zip.js';
import { CommandLine, errorLine } from './command-line.js';
import { classNames, speckledImage, writeClassFolders } from './write-class-folders.js';

const cli = new CommandLine();
const brief = ['--epochs', '1', '--batches', '3'];

beforeAll(async () => {
  await writeClassFolders(cli.path('fruit'), 10);
  await speckledImage('lemon', 99).jpeg().toFile(cli.path('query.jpg'));
  const rows = classNames.flatMap((name) =>
    Array.from(
      { length: 10 },
      (_, i) => `fruit/${name}/${i}.png;${name};${i < 6 ? 'train' : i < 8 ? 'val' : 'test'};tree ${i % 5}`,
    ),
  );
  await writeFile(
    cli.path('fruit.csv'),
    ['path;label;split;tree', ...rows, 'fruit/gone.png;plum;test;', ';;;'].join('\r\n'),
  );
  const entries = await Promise.all(
    classNames.flatMap((name) =>
      Array.from({ length: 10 }, async (_, i) => ({
        name: `fruit/${name}/${i}.png`,
        bytes: await readFile(cli.path('fruit', name, `${i}.png`)),
        deflate: i % 2 === 0,
      })),
    ),
  );
  await writeFile(cli.path('fruit.zip'), makeZip(entries));
  await writeFile(cli.path('notes.txt'), 'none');
  await writeFile(cli.path('columns.csv'), 'file,label\na.png,x\n');
  await cli.json('train', 'fruit', '-o', 'fruit.onnx', ...brief);
}, 120_000);

/** Runs a command with this on its standard input. */
async function piped(input: string, ...args: string[]) {
  const { child, ended } = cli.start(...args);
  child.stdin!.end(input);
  await once(child, 'exit');
  return ended;
}

describe('a manifest', () => {
  it('is trained and tested on by the splits that it gives; what it cannot use is listed', async () => {
    const trained = await cli.run('train', 'fruit.csv', '-o', 'm.onnx', ...brief, '--json');
    expect(trained.code, trained.stderr).toBe(3);
    expect(JSON.parse(trained.stdout)).toMatchObject({ source: 'fruit.csv:train', images: 24, classes: 4 });
    expect(trained.stderr).toContain('skipped fruit.csv:43: no path\n');
    const tested = await cli.run('eval', 'm.onnx', 'fruit.csv', '--json');
    expect(tested.code, tested.stderr).toBe(3);
    expect(JSON.parse(tested.stdout)).toMatchObject({ source: 'fruit.csv:test', images: 8 });
    expect(tested.stderr).toContain('skipped fruit/gone.png: no such file\n');
    const validated = await cli.run('eval', 'm.onnx', 'fruit.csv:val', '--json');
    expect(JSON.parse(validated.stdout)).toMatchObject({ source: 'fruit.csv:val', images: 8 });
  });

  it('without a column for paths is told what it has', async () => {
    const { code, stderr } = await cli.run('train', 'columns.csv', '-o', 'm.onnx');
    expect([code, stderr]).toEqual([1, expect.stringMatching(errorLine)]);
    expect(stderr).toContain(
      'columns.csv: expected a manifest with a column "path", got the columns "file", "label";',
    );
  });
});

describe('an archive', () => {
  it('is trained, tested and searched as the folder that it holds', async () => {
    const trained = await cli.json('train', 'fruit.zip', '-o', 'zip.onnx', ...brief);
    expect(trained).toMatchObject({ source: 'fruit.zip:train', images: 32, classes: 4 });
    const [inZip, onDisk] = [
      await cli.json('eval', 'fruit.onnx', 'fruit.zip'),
      await cli.json('eval', 'fruit.onnx', 'fruit'),
    ];
    expect(inZip).toMatchObject({ images: 8, precisionAt1: onDisk.precisionAt1, mapAtR: onDisk.mapAtR });
    const found = await cli.json('search', 'fruit.zip', 'fruit/plum/3.png', '-m', 'fruit.onnx', '-k', '1');
    expect(found.results[0].hits).toMatchObject([{ id: 'plum/3.png', label: 'plum' }]);
    expect((await readdir(cli.directory)).filter((name) => name.endsWith('.part'))).toEqual([]);
  });
});

describe('a list on stdin', () => {
  it('is searched', async () => {
    const paths = classNames.map((name) => `fruit/${name}/0.png`);
    const lines = await piped(
      `${paths.join('\n')}\n`,
      'search',
      '-',
      'query.jpg',
      '-m',
      'fruit.onnx',
      '--json',
    );
    expect(lines.code, lines.stderr).toBe(0);
    const { searched, results } = JSON.parse(lines.stdout);
    expect([searched, results[0].hits.map(({ id }: { id: string }) => id).sort()]).toEqual([
      4,
      [...paths].sort(),
    ]);
    const nuls = await piped(
      `${[...paths, 'fruit/no\nsuch.png'].join('\0')}\0`,
      ...['search', '-', 'query.jpg', '-m', 'fruit.onnx', '--json'],
    );
    expect(nuls.code, nuls.stderr).toBe(3);
    expect(nuls.stderr).toContain(': no such file\n1 file skipped\n');
    expect(JSON.parse(nuls.stdout)).toMatchObject({ searched: 4 });
  });

  it('has no labels to train on', async () => {
    const { code, stderr } = await piped('fruit/plum/0.png\n', 'train', '-', '-o', 'm.onnx');
    expect([code, stderr]).toEqual([1, expect.stringMatching(errorLine)]);
    expect(stderr).toContain(
      '-: expected images with labels, got 1 image file without a label; give a folder per class',
    );
  });
});

it('a pattern is tested on', async () => {
  const tested = await cli.json('eval', 'fruit.onnx', 'fruit/{plum,leaf}/*.png:all');
  expect(tested).toMatchObject({ source: 'fruit/{plum,leaf}/*.png:all', images: 20 });
});

describe('data split', () => {
  it('writes a manifest to train and test on', async () => {
    const { code, stdout, stderr } = await cli.run(
      ...['data', 'split', 'fruit', '-o', 'lists/fruit.csv', '--val', '0.1', '--seed', '3'],
    );
    expect(code, stderr).toBe(0);
    expect(stderr).toContain('wrote lists/fruit.csv\n');
    expect(stdout).toMatch(/^source +fruit\nmanifest +lists\/fruit\.csv\nsplit by +ratio\nimages +40\n/);
    expect(stdout).toMatch(/\nsplit +images +classes\ntrain +28 +4\nval +4 +4\ntest +8 +4\n$/);
    expect(await cli.json('train', 'lists/fruit.csv', '-o', 'm.onnx', ...brief)).toMatchObject({
      images: 28,
    });
    expect(await cli.json('eval', 'm.onnx', 'lists/fruit.csv')).toMatchObject({ images: 8 });
  });

  it('keeps groups together', async () => {
    const split = await cli.run(
      ...[
        'data',
        'split',
        'fruit.csv',
        '-o',
        'trees.jsonl',
        '--group-column',
        'tree',
        '--test',
        '0.4',
        '--json',
      ],
    );
    expect(split.code, split.stderr).toBe(3);
    expect(JSON.parse(split.stdout)).toMatchObject({ by: 'group', groupColumn: 'tree', images: 41 });
    const rows = (await readFile(cli.path('trees.jsonl'), 'utf8'))
      .trim()
      .split('\n')
      .map((row) => JSON.parse(row));
    const trees = new Set(rows.filter(({ tree }) => tree).map(({ tree, split: side }) => `${tree} ${side}`));
    expect(trees.size).toBe(5);
    await rm(cli.path('trees.jsonl'));
  });

  it.each([
    [
      ['fruit', '-o', 'splits.txt'],
      'splits.txt: expected a manifest to write, .csv, .tsv or .jsonl, got ".txt"; ',
    ],
    [['fruit.zip', '-o', 'splits.csv'], 'fruit.zip: expected image files on disk'],
    [
      ['notes.txt', '-o', 'splits.csv'],
      'source: expected cifar10, emoji or a directory of images, a manifest (.csv',
    ],
    [['fruit', '-o', 'splits.csv', '--by', 'colour'], 'Allowed choices are ratio, class, group'],
  ])('%s is refused in one line', async (args, says) => {
    const { code, stderr } = await cli.run('data', 'split', ...args);
    expect([code, stderr]).toEqual([2, expect.stringMatching(errorLine)]);
    expect(stderr).toContain(says);
  });
});

it.skipIf(process.platform === 'win32')('a TAR archive is tested on', async () => {
  execFileSync('tar', ['-cf', 'fruit.tar', 'fruit'], { cwd: cli.directory });
  const tested = await cli.json('eval', 'fruit.onnx', 'fruit.tar');
  expect(tested).toMatchObject({ source: 'fruit.tar:test', images: 8 });
});
