import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { appendFile, copyFile, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { everything } from '../../src/collection/catalog/image-table.js';
import { decodePrint } from '../../src/image/print-bytes.js';
import { imagesOf, noCounts, within } from '../fixtures/look-into-collection.js';
import { pictureFolder } from '../fixtures/picture-folder.js';
import { tinyModel, tinyTrained } from '../fixtures/tiny-model.js';
import { CommandLine, errorLine } from './command-line.js';

const cli = new CommandLine();

beforeAll(async () => {
  await pictureFolder(undefined, cli.directory);
  await writeFile(cli.path('model.onnx'), tinyModel());
  await writeFile(cli.path('other.onnx'), tinyModel(tinyTrained(2)));
});

const images = (collection: string) => imagesOf(cli.path(collection), cli.directory);

/** Every image as far as it does not depend on when and in what order it was added, with its vector. */
function stateOf(collection: string): unknown[] {
  return within(cli.path(collection), ({ catalog, vectors }) =>
    [...catalog.images.each(everything)]
      .map(({ id, addedAt, source, missingSince, ...facts }) => ({
        ...facts,
        isMissing: missingSince !== null,
        vector: [...vectors.of(Uint32Array.of(id)).vectors].map((value) => value.toFixed(4)),
        hasThumbnail: catalog.previews.thumbnail(id) !== undefined,
      }))
      .sort((a, b) => (a.path + a.entry < b.path + b.entry ? -1 : 1)),
  );
}

describe('imagekin add', () => {
  it('makes a collection of a folder, and reads nothing of it again while it stays the same', async () => {
    const result = await cli.json('add', 'a.kin', 'pictures', '--model', 'model.onnx');
    expect(result).toMatchObject({
      ...noCounts,
      finished: true,
      created: true,
      images: 24,
      added: 24,
      decoded: 24,
      dimension: 4,
      skipped: [],
    });
    const known = images('a.kin');
    expect(known.get('pictures/blue/3.png')).toMatchObject({
      name: 'blue/3.png',
      label: 'blue',
      width: 24,
      height: 24,
      format: 'png',
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      missingSince: null,
    });
    within(cli.path('a.kin'), ({ catalog, vectors }) => {
      expect(vectors.count()).toBe(24);
      expect(catalog.sources.all()).toMatchObject([
        { spec: cli.path('pictures'), root: cli.path('pictures'), walkedAt: expect.any(String) },
      ]);
      expect([...catalog.previews.prints()].map(({ print }) => decodePrint(print).luma.length)).toEqual(
        Array(24).fill(1024),
      );
    });
    // The model stands in the collection: the one that was given may go.
    const again = await cli.json('add', 'a.kin', 'pictures');
    expect(again).toMatchObject({ ...noCounts, created: false, images: 24, unchanged: 24 });
  });

  it('embeds an image as embed does', async () => {
    await cli.json('embed', 'model.onnx', 'pictures', '-o', 'v.jsonl');
    const lines = (await readFile(cli.path('v.jsonl'), 'utf8')).trimEnd().split('\n');
    const known = images('a.kin');
    within(cli.path('a.kin'), ({ vectors }) => {
      for (const line of lines) {
        const { path, embedding } = JSON.parse(line);
        const { id } = known.get(path)!;
        const [...vector] = vectors.of(Uint32Array.of(id)).vectors;
        for (const [i, value] of vector.entries()) expect(value).toBeCloseTo(embedding[i], 5);
      }
    });
  });

  it('lists files that cannot be used, and says so by the exit code, each time', async () => {
    await mkdir(cli.path('q'));
    await copyFile(cli.path('pictures/blue/1.png'), cli.path('q/1.png'));
    await writeFile(cli.path('q/broken.jpg'), 'no picture');
    for (const flags of [[], ['--retry-failed'], ['--prune']]) {
      const { code, stdout, stderr } = await cli.run('add', 'a.kin', 'q', ...flags);
      expect(code).toBe(3);
      expect(stdout).toContain('1 failed');
      expect(stderr).toContain(`skipped ${cli.path('q/broken.jpg')}: its first bytes`);
    }
  });

  it('removes images by id, path, folder and filter, and no files', async () => {
    const known = images('a.kin');
    const { id } = known.get('pictures/amber/0.png')!;
    const planned = await cli.json('remove', 'a.kin', `id:${id}`, 'pictures/clay', '--dry-run');
    expect(planned.removed).toHaveLength(9);
    expect(planned).toMatchObject({ dryRun: true, images: 25 });
    const removed = await cli.json('remove', 'a.kin', `#${id}`, 'pictures/clay/1.png');
    expect(removed.removed.map(({ path }: { path: string }) => path)).toEqual([
      cli.path('pictures/amber/0.png'),
      cli.path('pictures/clay/1.png'),
    ]);
    const filtered = await cli.json('remove', 'a.kin', '--filter', 'label=blue', 'pictures');
    expect(filtered.removed).toHaveLength(8);
    const unknown = await cli.run('remove', 'a.kin', `${id}`, 'q/1.png');
    expect(unknown.code).toBe(1);
    expect(unknown.stderr).toMatch(errorLine);
    expect((await cli.run('remove', 'a.kin')).code).toBe(2);
    await rm(cli.path('q'), { recursive: true });
    expect((await cli.json('remove', 'a.kin', '--source', 'q')).removed).toHaveLength(1);
    expect(images('a.kin').size).toBe(14);
    // What still lies there is found again.
    expect(await cli.json('add', 'a.kin', 'pictures')).toMatchObject({
      added: 10,
      unchanged: 14,
      images: 24,
    });
  });

  it('says what is wrong with the command line, and leaves no collection behind', async () => {
    const noModel = await cli.run('add', 'n.kin', 'pictures');
    expect(noModel.code).toBe(2);
    expect(noModel.stderr).toMatch(errorLine);
    expect(noModel.stderr).toContain('--model');
    const typo = await cli.run('add', 'n.kin', 'pictrues', '--model', 'model.onnx');
    expect(typo.code).toBe(2);
    expect(existsSync(cli.path('n.kin'))).toBe(false);
    const other = await cli.run('add', 'a.kin', 'pictures', '--model', 'other.onnx');
    expect(other.code).toBe(1);
    expect(other.stderr).toMatch(errorLine);
    expect(other.stderr).toContain('imagekin reindex a.kin --model other.onnx');
    expect(await cli.json('add', 'a.kin', 'pictures', '--model', 'model.onnx')).toMatchObject({
      unchanged: 24,
    });
    const occupied = await cli.run('add', 'pictures', 'pictures', '--model', 'model.onnx');
    expect(occupied.stderr).toMatch(/name another folder for the collection/);
  });
});

describe('imagekin add --watch', () => {
  it('follows a folder until Ctrl-C', async () => {
    await mkdir(cli.path('w', 'in'), { recursive: true });
    for (let i = 0; i < 4; i++)
      await copyFile(cli.path('pictures', 'blue', `${i}.png`), cli.path('w', 'in', `${i}.png`));
    const watching = cli.start(
      'add',
      'w.kin',
      'w',
      '--model',
      'model.onnx',
      '--watch',
      '--settle',
      '300',
      '--json',
    );
    const changes = linesOf(watching.child);
    expect((await changes.next()).value).toMatchObject({ ...noCounts, added: 4, decoded: 4, images: 4 });
    const before = images('w.kin');

    await rename(cli.path('w', 'in'), cli.path('w', 'out'));
    expect((await changes.next()).value).toMatchObject({ ...noCounts, moved: 4, images: 4 });
    expect(images('w.kin').get('w/out/2.png')!.id).toBe(before.get('w/in/2.png')!.id);

    // In two halves, as a file that is being copied.
    const picture = await readFile(cli.path('pictures/clay/1.png'));
    await writeFile(cli.path('w/new.png'), picture.subarray(0, 100));
    await wait(150);
    await appendFile(cli.path('w/new.png'), picture.subarray(100));
    expect((await changes.next()).value).toMatchObject({ ...noCounts, added: 1, decoded: 1, images: 5 });

    await rm(cli.path('w/out/0.png'));
    expect((await changes.next()).value).toMatchObject({ ...noCounts, missing: 1, images: 4 });
    await rename(cli.path('w'), cli.path('w.away'));
    await wait(700);
    await rename(cli.path('w.away'), cli.path('w'));
    await writeFile(cli.path('w/broken.png'), 'no picture');
    for (;;) {
      const { value } = await changes.next();
      expect(value).toMatchObject({ missing: 0, images: 4 });
      if (value.failed > 0) break;
    }
    watching.child.kill('SIGINT');
    const { code, stderr } = await watching.ended;
    expect(code, stderr).toBe(0);
  });

  it('takes nothing but folders', async () => {
    const { code, stderr } = await cli.run('add', 'w.kin', 'w/new.png', '--watch');
    expect(code).toBe(2);
    expect(stderr).toMatch(errorLine);
  });

  // biome-ignore lint/suspicious/noExplicitAny: what it holds is for the test to say
  async function* linesOf({ stdout }: ChildProcess): AsyncGenerator<any> {
    for await (const line of createInterface({ input: stdout! })) yield JSON.parse(line);
  }
});

describe('two processes and crashes', () => {
  /** Many pictures, no two alike in their bytes. */
  const many = 400;

  beforeAll(async () => {
    await mkdir(cli.path('many'));
    const names = ['amber', 'blue', 'clay'].flatMap((c) => [...Array(8).keys()].map((i) => `${c}/${i}.png`));
    for (let i = 0; i < many; i++) {
      const file = cli.path('many', `${i}.png`);
      await copyFile(cli.path('pictures', names[i % names.length]!), file);
      // Decoders do not read what stands behind the end of a PNG.
      await appendFile(file, `${i}`);
    }
    await cli.json('add', 'alone.kin', 'many', 'pictures', '--model', 'model.onnx');
  });

  it('come to what one process comes to', async () => {
    const outcomes = await Promise.all([
      cli.run('add', 'two.kin', 'many', 'pictures', '--model', 'model.onnx', '--json'),
      cli.run('add', 'two.kin', 'pictures', 'many', '--model', 'model.onnx', '--json'),
    ]);
    for (const { code, stderr } of outcomes) expect(code, stderr).toBe(0);
    expect(stateOf('two.kin')).toEqual(stateOf('alone.kin'));
  });

  it('goes on after kills where it was, with what it has told of', async () => {
    let kept = 0;
    for (let kill = 0; kill < 3; kill++) {
      const { child, ended } = cli.start('add', 'killed.kin', 'many', 'pictures', '--model', 'model.onnx');
      while (countOf('killed.kin') <= kept && child.exitCode === null) await wait(5);
      child.kill('SIGKILL');
      await ended;
      const now = countOf('killed.kin');
      expect(now).toBeGreaterThanOrEqual(kept);
      kept = now;
    }
    expect(kept).toBeGreaterThan(0);
    const { unchanged, added } = await cli.json(
      'add',
      'killed.kin',
      'many',
      'pictures',
      '--model',
      'model.onnx',
    );
    expect(unchanged).toBe(kept);
    expect(added).toBe(many + 24 - kept);
    expect(stateOf('killed.kin')).toEqual(stateOf('alone.kin'));
  });

  it('stops at Ctrl-C and says how to go on', async () => {
    const { child, ended } = cli.start('add', 'stopped.kin', 'many', '--model', 'model.onnx');
    while (countOf('stopped.kin') === 0 && child.exitCode === null) await wait(5);
    child.kill('SIGINT');
    const { code, stderr } = await ended;
    // It may have been done just before.
    if (code === 0) return;
    expect(code).toBe(130);
    expect(stderr).toContain('go on with: imagekin add stopped.kin many --model model.onnx\n');
    const kept = countOf('stopped.kin');
    expect(await cli.json('add', 'stopped.kin', 'many')).toMatchObject({ unchanged: kept, images: many });
  });

  function countOf(name: string): number {
    if (!existsSync(cli.path(name, 'catalog.sqlite'))) return 0;
    return within(cli.path(name), ({ catalog }) => catalog.images.count());
  }
});
