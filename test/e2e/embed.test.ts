import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { tableFromIPC } from 'apache-arrow';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { pictureFolder } from '../fixtures/picture-folder.js';
import { tinyModel } from '../fixtures/tiny-model.js';
import { CommandLine, errorLine } from './command-line.js';

const cli = new CommandLine();
let names: string[];

interface Row {
  readonly id: string;
  readonly label?: string;
  readonly row: number;
}

beforeAll(async () => {
  const { directory } = await pictureFolder(undefined, cli.directory);
  await writeFile(cli.path('model.onnx'), tinyModel());
  const { code } = await cli.run('data', 'split', 'pictures', '-o', 'pictures.csv', '--test', '0.25');
  expect(code).toBe(0);
  names = ['amber', 'blue', 'clay'].flatMap((c) =>
    [...Array(8).keys()].map((i) => `${directory}/${c}/${i}.png`),
  );
  // The same pictures over and over, as many as take some seconds.
  const many = Array.from({ length: 3000 }, (_, i) =>
    JSON.stringify({ id: `${i}`, path: names[i % names.length] }),
  );
  await writeFile(cli.path('many.jsonl'), many.join('\n'));
});

async function rowsOf(file: string): Promise<Row[]> {
  return (await readFile(cli.path(`${file}.images.jsonl`), 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

async function vectorsOf(file: string): Promise<Float32Array> {
  const bytes = await readFile(cli.path(file));
  const begin = 10 + bytes.readUInt16LE(8);
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset + begin, bytes.byteOffset + bytes.length));
}

/** Images that an unfinished run has kept so far. */
async function linesKept(file: string): Promise<number> {
  const text = await readFile(cli.path(`${file}.part`, 'images.jsonl'), 'utf8').catch(() => '');
  return text.split('\n').length - 1;
}

function expectAlike(a: Float32Array, b: Float32Array): void {
  expect(a.length).toBe(b.length);
  for (let i = 0; i < a.length; i++) expect(Math.abs(a[i] - b[i])).toBeLessThan(1e-5);
}

describe('imagekin embed', () => {
  it('writes vectors, and which image each is of', async () => {
    const result = await cli.json('embed', 'model.onnx', 'pictures', '-o', 'v.npy');
    const rows = await rowsOf('v.npy');
    expect(rows.map(({ id }) => id)).toEqual(names.map((name) => name.slice(name.indexOf('pictures/') + 9)));
    expect(rows.map(({ row }) => row)).toEqual([...rows.keys()]);
    expect(rows[9]).toMatchObject({
      label: 'blue',
      width: 24,
      height: 24,
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    const vectors = await vectorsOf('v.npy');
    expect(result).toMatchObject({
      finished: true,
      images: 24,
      out: 'v.npy',
      rows: 'v.npy.images.jsonl',
      skipped: [],
    });
    expect(vectors.length).toBe(24 * result.dimension);
    for (let row = 0; row < 24; row++) {
      const vector = vectors.subarray(row * result.dimension, (row + 1) * result.dimension);
      expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
    }
    expect(existsSync(cli.path('v.npy.part'))).toBe(false);
  });

  it('writes the same vectors in every format, from a folder, a manifest and a list', async () => {
    const expected = await vectorsOf('v.npy');
    await cli.json('embed', 'model.onnx', 'pictures.csv', '-o', 'v.jsonl');
    const lines = (await readFile(cli.path('v.jsonl'), 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expectAlike(Float32Array.from(lines.flatMap(({ embedding }) => embedding)), expected);
    expect(lines[0].label).toBe('amber');

    const { child, ended } = cli.start('embed', 'model.onnx', '-', '-o', 'v.arrow');
    child.stdin?.end(names.join('\n'));
    expect((await ended).code).toBe(0);
    const table = tableFromIPC(await readFile(cli.path('v.arrow')));
    expectAlike(Float32Array.from(table.toArray().flatMap((row) => [...row.embedding])), expected);
  });

  it('leaves out what does not decode, lists it, and says so by the exit code', async () => {
    await writeFile(cli.path('broken.jpg'), 'no picture');
    await writeFile(cli.path('list.txt'), '');
    const { code, stdout, stderr } = await cli.run(
      'embed',
      'model.onnx',
      'broken.jpg',
      'pictures',
      'broken.jpg',
      '-o',
      's.npy',
      '--json',
    );
    expect(code).toBe(3);
    expect(JSON.parse(stdout).skipped.map(({ path }: { path: string }) => path)).toEqual([
      'broken.jpg',
      'broken.jpg',
    ]);
    expect(stderr).toContain('2 files skipped');
    expectAlike(await vectorsOf('s.npy'), await vectorsOf('v.npy'));
    expect((await rowsOf('s.npy'))[0]).toMatchObject({ row: 0, label: 'amber' });
  });

  it('embeds small JPEG files as any others, and tells of a damaged one what libvips says', async () => {
    await mkdir(cli.path('jpegs'));
    await mkdir(cli.path('the-same'));
    for (const [i, name] of names.entries()) {
      const jpeg = await sharp(name).jpeg({ quality: 90 }).toBuffer();
      await writeFile(cli.path('jpegs', `${i + 10}.jpg`), jpeg);
      await writeFile(cli.path('the-same', `${i + 10}.png`), await sharp(jpeg).png().toBuffer());
      if (i % 7 === 3) await writeFile(cli.path('jpegs', `${i + 10}-cut.jpg`), jpeg.subarray(0, -9));
    }
    const { code, stdout } = await cli.run('embed', 'model.onnx', 'jpegs', '-o', 'jpegs.npy', '--json');
    expect(code).toBe(3);
    expect(JSON.parse(stdout).skipped).toHaveLength(3);
    for (const { path, reason } of JSON.parse(stdout).skipped) {
      expect(path).toContain('-cut.jpg');
      expect(reason).toMatch(/premature end|damaged or cut off/);
    }
    await cli.json('embed', 'model.onnx', 'the-same', '-o', 'the-same.npy');
    expectAlike(await vectorsOf('jpegs.npy'), await vectorsOf('the-same.npy'));
    const rows = await rowsOf('jpegs.npy');
    expect(rows.map(({ id }) => id)).toEqual(names.map((_, i) => expect.stringContaining(`${i + 10}.jpg`)));
    const sha256 = createHash('sha256').update(await readFile(cli.path('jpegs', '10.jpg')));
    expect(rows[0]).toMatchObject({ width: 24, height: 24, sha256: sha256.digest('hex') });
  });

  it('embeds the images of sources that are no files', async () => {
    const header = (magic: number, ...sizes: number[]) => {
      const bytes = Buffer.alloc(4 * (1 + sizes.length));
      [magic, ...sizes].forEach((value, i) => void bytes.writeUInt32BE(value, 4 * i));
      return bytes;
    };
    const pixels = Buffer.from(Array.from({ length: 3 * 28 * 28 }, (_, i) => (i * i) % 251));
    await mkdir(cli.path('digits'));
    for (const set of ['train', 't10k']) {
      await writeFile(
        cli.path('digits', `${set}-images-idx3-ubyte`),
        Buffer.concat([header(0x803, 3, 28, 28), pixels]),
      );
      await writeFile(
        cli.path('digits', `${set}-labels-idx1-ubyte`),
        Buffer.concat([header(0x801, 3), Buffer.of(7, 2, 1)]),
      );
    }
    const result = await cli.json('embed', 'model.onnx', 'digits:test', '-o', 'd.npy');
    expect(result.images).toBe(3);
    expect((await rowsOf('d.npy')).map(({ label }) => label)).toEqual(['7', '2', '1']);
  });

  it('goes on after a kill where it was, to the same vectors', async () => {
    await cli.json('embed', 'model.onnx', 'many.jsonl', '-o', 'whole.npy');
    const { child, ended } = cli.start('embed', 'model.onnx', 'many.jsonl', '-o', 'killed.npy');
    while ((await linesKept('killed.npy')) < 300) await wait(10);
    child.kill('SIGKILL');
    await ended;
    const kept = await linesKept('killed.npy');
    expect(kept).toBeLessThan(3000);
    expect(existsSync(cli.path('killed.npy'))).toBe(false);

    const refused = await cli.run('embed', 'model.onnx', 'many.jsonl', '-o', 'killed.npy');
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(errorLine);
    expect(refused.stderr).toContain('--resume');

    const { images } = await cli.json('embed', 'model.onnx', 'many.jsonl', '-o', 'killed.npy', '--resume');
    expect(images).toBe(3000);
    expect(await rowsOf('killed.npy')).toEqual(await rowsOf('whole.npy'));
    expectAlike(await vectorsOf('killed.npy'), await vectorsOf('whole.npy'));
  });

  it('stops at Ctrl-C, says how to go on, and refuses to go on with other images', async () => {
    const { child, ended } = cli.start('embed', 'model.onnx', 'many.jsonl', '-o', 'stopped.npy');
    while ((await linesKept('stopped.npy')) < 100) await wait(10);
    child.kill('SIGINT');
    const { code, stderr } = await ended;
    expect(code).toBe(130);
    expect(stderr).toContain('go on with: imagekin embed model.onnx many.jsonl -o stopped.npy --resume');

    const before = await readFile(cli.path('many.jsonl'), 'utf8');
    await writeFile(cli.path('many.jsonl'), before.slice(before.indexOf('\n') + 1));
    const other = await cli.run('embed', 'model.onnx', 'many.jsonl', '-o', 'stopped.npy', '--resume');
    await writeFile(cli.path('many.jsonl'), before);
    expect(other.code).toBe(1);
    expect(other.stderr).toMatch(errorLine);
    expect(other.stderr).toContain('the images that it was started with');
    await rm(cli.path('stopped.npy.part'), { recursive: true });
  });

  it('stops while a list on stdin is yet to end, and keeps what came', async () => {
    const { child, ended } = cli.start('embed', 'model.onnx', '-', '-o', 'slow.npy');
    // So many that some are done before the rest of the list, which never comes.
    await mkdir(cli.path('copies'));
    const copies = Array.from({ length: 1500 }, (_, i) => cli.path('copies', `${i}.png`));
    for (const [i, copy] of copies.entries()) await copyFile(names[i % names.length]!, copy);
    child.stdin?.write(`${copies.join('\n')}\n`);
    while ((await linesKept('slow.npy')) === 0) await wait(10);
    child.kill('SIGINT');
    const late = setTimeout(() => child.kill('SIGKILL'), 20_000);
    const { code } = await ended;
    clearTimeout(late);
    expect(code).toBe(130);
    expect(await linesKept('slow.npy')).toBeGreaterThan(0);
    await rm(cli.path('slow.npy.part'), { recursive: true });
  });

  it('begins nothing, and loses nothing, where the model is not there', async () => {
    const { child, ended } = cli.start('embed', 'model.onnx', 'many.jsonl', '-o', 'kept.npy');
    while ((await linesKept('kept.npy')) < 100) await wait(10);
    child.kill('SIGINT');
    await ended;
    const kept = await linesKept('kept.npy');
    const typo = await cli.run('embed', 'modle.onnx', 'many.jsonl', '-o', 'kept.npy', '--overwrite');
    expect(typo.code).toBe(1);
    expect(await linesKept('kept.npy')).toBe(kept);
    await rm(cli.path('kept.npy.part'), { recursive: true });
  });

  it('says what is wrong with the command line', async () => {
    const noFormat = await cli.run('embed', 'model.onnx', 'pictures', '-o', 'v.txt');
    expect(noFormat.code).toBe(2);
    expect(noFormat.stderr).toMatch(
      /--out: expected a file that ends with \.npy, \.jsonl, \.arrow, got "v\.txt"/,
    );
    await writeFile(cli.path('nothing.csv'), 'path\nbroken.jpg\n');
    const nothing = await cli.run('embed', 'model.onnx', 'nothing.csv', '-o', 'n.npy');
    expect(nothing.code).toBe(1);
    expect(nothing.stderr).toMatch(/at least one image that decodes/);
    expect(existsSync(cli.path('n.npy.part')), 'a run that has done nothing is in nobody’s way').toBe(false);
  });
});
