import { spawn } from 'node:child_process';
import { copyFile, mkdir, readdir, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeEach, describe, expect, it } from 'vitest';
import { listDuplicates } from '../../src/app/collection/list-duplicates.js';
import { undoDuplicates } from '../../src/app/collection/undo-duplicates.js';
import { Collection } from '../../src/collection/collection.js';
import { handMadeCollection } from '../fixtures/hand-made-collection.js';
import { writeVariedPictures } from '../fixtures/varied-pictures.js';
import { CommandLine } from './command-line.js';

const cli = new CommandLine();
let round = 0;
let photos = '';
let kin = '';
const own = (path: string) => path.slice(cli.path(photos).length + 1);

/** 24 pictures, two exact copies of one, a smaller and a stronger compressed one of another, and a lone copy of a third. */
beforeEach(async () => {
  photos = `photos ${++round}`;
  kin = `${photos}.kin`;
  await writeVariedPictures(cli.path(photos), 6, 1);
  const at = (...names: string[]) => cli.path(photos, ...names);
  await mkdir(at('copies', 'deep'), { recursive: true });
  await copyFile(at('ember', '000.jpg'), at('copies', '000 (1).jpg'));
  await copyFile(at('ember', '000.jpg'), at('copies', 'deep', '000.jpg'));
  await sharp(at('field', '001.jpg')).resize(120).jpeg({ quality: 70 }).toFile(at('copies', 'small.jpg'));
  await sharp(at('field', '001.jpg')).jpeg({ quality: 40 }).toFile(at('copies', 'worse.jpg'));
  await copyFile(at('ocean', '002.jpg'), at('copies', 'ocean.jpg'));
  for (const name of ['ember/000.jpg', 'ocean/002.jpg']) await utimes(at(name), 1e9, 1e9);
  (await handMadeCollection(cli.path(kin), cli.path(photos))).close();
}, 60_000);

async function contents(folder: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const entries = await readdir(cli.path(folder), { withFileTypes: true, recursive: true }).catch(() => []);
  for (const entry of entries)
    if (entry.isFile()) {
      const path = join(entry.parentPath, entry.name);
      found.set(path.slice(cli.path(folder).length + 1), (await readFile(path)).toString('base64'));
    }
  return found;
}

const missing = () => {
  const collection = Collection.open(cli.path(kin));
  try {
    return [...collection.catalog.images.each({ sql: 'missing_since IS NOT NULL', params: [] })]
      .map(({ path }) => own(path))
      .sort();
  } finally {
    collection.close();
  }
};

const groupsOf = (result: { groups: { kind: string; files: { path: string; role: string }[] }[] }) =>
  result.groups.map(({ kind, files }) => [kind, ...files.map(({ path, role }) => `${role} ${own(path)}`)]);

describe('dupes', () => {
  it('finds exact and near copies, the best one first, and changes nothing', async () => {
    const before = await contents(photos);
    const result = await cli.json('dupes', kin);
    expect(groupsOf(result)).toEqual([
      ['exact', 'keep ember/000.jpg', 'exact copies/000 (1).jpg', 'exact copies/deep/000.jpg'],
      ['exact', 'keep ocean/002.jpg', 'exact copies/ocean.jpg'],
      ['near', 'keep field/001.jpg', 'near copies/worse.jpg', 'near copies/small.jpg'],
    ]);
    expect(result).toMatchObject({ images: 29, duplicates: 5, withoutPrint: 0, moved: null, page: null });
    const exact = await cli.json('dupes', kin, '--kind', 'exact');
    expect(exact.groups.map(({ kind }: { kind: string }) => kind)).toEqual(['exact', 'exact']);
    const near = await cli.json('dupes', kin, '--kind', 'near');
    expect(near.groups).toHaveLength(1);
    const { stdout, stderr } = await cli.run('dupes', kin);
    expect(stdout).toMatch(/^ +1 {2}keep +\d+×\d+ +\d+\.\d kB {2}.*ember\/000.jpg$/m);
    expect(stderr).toContain('3 groups among 29 images: 5 images more than needed');
    expect(await contents(photos)).toEqual(before);
  });

  it('writes a page of one file with the pictures of each group', async () => {
    const result = await cli.json('dupes', kin, '--html', `page ${round}.html`);
    const page = await readFile(cli.path(result.page), 'utf8');
    expect(page.match(/<img /g)).toHaveLength(8);
    expect(page).not.toMatch(/(src|href)="(?!data:|#)/);
    expect(page).toContain('The same picture in other files');
  });

  it('moves all but the best, and puts them back', async () => {
    const before = await contents(photos);
    const out = `out ${round}`;
    const result = await cli.json('dupes', kin, '--move-to', out);
    const moved = [
      'copies/000 (1).jpg',
      'copies/deep/000.jpg',
      'copies/ocean.jpg',
      'copies/small.jpg',
      'copies/worse.jpg',
    ];
    expect(result.moved.files.map(({ from }: { from: string }) => own(from)).sort()).toEqual(moved);
    const after = await contents(photos);
    expect([...after.keys()].sort()).toEqual(
      [...before.keys()].filter((path) => !moved.includes(path)).sort(),
    );
    const there = await contents(out);
    for (const path of moved) expect(there.get(path.slice('copies/'.length))).toBe(before.get(path));
    expect(missing()).toEqual(moved);
    expect((await cli.json('dupes', kin)).groups).toEqual([]);
    expect((await cli.json('dupes', kin, '--move-to', out)).moved).toEqual({
      to: out,
      undoFile: null,
      files: [],
    });

    // Something else has taken the place of one.
    await writeFile(cli.path(photos, 'copies', 'ocean.jpg'), 'mine');
    const undone = await cli.run('dupes', '--undo', result.moved.undoFile, '--json');
    expect(undone.code).toBe(3);
    expect(JSON.parse(undone.stdout)).toMatchObject({ files: 5, putBack: 4, foundAgain: 4 });
    expect(undone.stderr).toMatch(/skipped .*ocean\.jpg: another file is there/);
    expect(await readFile(cli.path(photos, 'copies', 'ocean.jpg'), 'utf8')).toBe('mine');
    await rm(cli.path(photos, 'copies', 'ocean.jpg'));
    const again = await cli.json('dupes', '--undo', result.moved.undoFile);
    expect(again).toMatchObject({ putBack: 1, foundAgain: 1, skipped: [] });
    expect(await contents(photos)).toEqual(before);
    expect(missing()).toEqual([]);
    expect(await cli.json('dupes', '--undo', result.moved.undoFile)).toMatchObject({
      putBack: 0,
      skipped: [],
    });
  });

  it('leaves alone what has changed since it was added, and copies whose best one is gone', async () => {
    await writeFile(cli.path(photos, 'copies', 'deep', '000.jpg'), 'another picture now');
    await rm(cli.path(photos, 'ocean', '002.jpg'));
    const { code, stdout, stderr } = await cli.run(
      'dupes',
      kin,
      '--kind',
      'exact',
      '--move-to',
      `out ${round}`,
      '--json',
    );
    expect(code).toBe(3);
    expect(JSON.parse(stdout).moved.files).toHaveLength(1);
    expect(stderr).toMatch(/deep\/000\.jpg: has changed since it was added/);
    expect(stderr).toMatch(/ocean\.jpg: the copy to keep, .*ocean\/002\.jpg, is gone/);
    expect((await contents(photos)).has('copies/ocean.jpg')).toBe(true);
  });

  it('never moves a file that is the one to keep by another path', async () => {
    await symlink(cli.path(photos, 'dusk'), cli.path(photos, 'alias'));
    const collection = Collection.open(cli.path(kin));
    const [image] = collection.catalog.images.at([{ path: cli.path(photos, 'dusk', '003.jpg'), entry: '' }]);
    collection.catalog.write(() =>
      collection.catalog.images.put([{ ...image!, path: cli.path(photos, 'alias', '003.jpg') }]),
    );
    collection.close();
    const { code, stderr } = await cli.run('dupes', kin, '--kind', 'exact', '--move-to', `out ${round}`);
    expect(code).toBe(3);
    expect(stderr).toMatch(
      /alias\/003\.jpg: the same file as .*dusk\/003\.jpg|dusk\/003\.jpg: the same file as .*alias/,
    );
    expect((await contents(photos)).has('dusk/003.jpg')).toBe(true);
  });

  it('overwrites nothing in the folder', async () => {
    const out = `out ${round}`;
    await mkdir(cli.path(out));
    await writeFile(cli.path(out, 'ocean.jpg'), 'mine');
    const result = await cli.json('dupes', kin, '--move-to', out);
    expect(await readFile(cli.path(out, 'ocean.jpg'), 'utf8')).toBe('mine');
    expect((await stat(cli.path(out, 'ocean-2.jpg'))).size).toBeGreaterThan(100);
    await cli.json('dupes', '--undo', result.moved.undoFile);
    expect(await readFile(cli.path(out, 'ocean.jpg'), 'utf8')).toBe('mine');
  });

  it('refuses a folder that the collection was made of, and an undo file that is none', async () => {
    const inside = await cli.run('dupes', kin, '--move-to', join(photos, 'duplicates'));
    expect(inside).toMatchObject({ code: 2, stdout: '' });
    expect(inside.stderr).toMatch(/^--move-to: expected a folder outside/);
    await expect(undoDuplicates({ undoFile: cli.path(photos, 'ember', '000.jpg') })).rejects.toThrow(
      /expected an undo file of imagekin dupes/,
    );
    expect((await cli.run('dupes')).code).toBe(2);
    expect((await cli.run('dupes', kin, '--undo', 'x')).code).toBe(2);
    await expect(listDuplicates({ collection: cli.path('nowhere.kin') })).rejects.toThrow(
      /expected a collection, got nothing/,
    );
  });

  it('loses nothing by being killed at any moment', async () => {
    const before = await contents(photos);
    let killed = 0;
    for (let attempt = 0; attempt < 5; attempt++) {
      const out = cli.path(`killed ${attempt}`);
      const child = spawn(process.execPath, [cli.program, 'dupes', kin, '--move-to', out, '--quiet'], {
        cwd: cli.directory,
        env: cli.env,
        stdio: 'ignore',
      });
      const ended = new Promise((done) => child.on('close', done));
      // From when the undo file is there, moves take some milliseconds: somewhere among them.
      const undo = await waitForUndoFile(out, ended);
      await new Promise((later) => setTimeout(later, 2 * attempt));
      child.kill('SIGKILL');
      await ended;
      const names = new Set((await contents(`killed ${attempt}`)).keys());
      if (names.size < 6) killed++;
      expect(undo).toBeDefined();
      const { code, stderr } = await cli.run('dupes', '--undo', undo!, '--json');
      expect(code, stderr).toBe(0);
      expect(await contents(photos)).toEqual(before);
      expect(missing()).toEqual([]);
      const left = [...(await contents(`killed ${attempt}`)).keys()];
      expect(left).toHaveLength(1);
    }
    expect(killed).toBeGreaterThan(0);
  }, 120_000);
});

async function waitForUndoFile(folder: string, ended: Promise<unknown>): Promise<string | undefined> {
  let over = false;
  void ended.then(() => {
    over = true;
  });
  for (;;) {
    const name = (await readdir(folder).catch(() => [])).find((one) => one.startsWith('undo-'));
    // Its first line is whole when it has a line break.
    if (name && (await readFile(join(folder, name), 'utf8')).includes('\n')) return join(folder, name);
    if (over) return undefined;
    await new Promise((later) => setImmediate(later));
  }
}
