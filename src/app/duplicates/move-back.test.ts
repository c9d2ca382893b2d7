import { copyFile, link, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../../../test/fixtures/temporary-directory.js';
import { commonFolder } from '../common-folder.js';
import { type KnownFile, moveAway } from './move-away.js';
import { moveBack } from './move-back.js';
import { readUndoFile, UndoFile } from './undo-file.js';

const content = 'the bytes of a picture';

/** A file and its move as an undo file has it, before anything of it was done. */
async function planned() {
  const directory = await temporaryDirectory();
  const from = join(directory, 'photos', 'a.jpg');
  const to = join(directory, 'away', 'a.jpg');
  for (const path of [from, to]) await mkdir(dirname(path), { recursive: true });
  await writeFile(from, content);
  const move = { from, to, sha256: null, bytes: content.length };
  const back = () => moveBack({ collection: directory, moves: [move] });
  const files = async () => ({ photos: await readdir(dirname(from)), away: await readdir(dirname(to)) });
  return { from, to, back, files };
}

/** All states in which a mover can be killed. */
describe.each([
  ['before it touched the file', async () => {}, 0],
  ['when the file had both names', ({ from, to }: Move) => link(from, to), 0],
  ['when the name was taken by an empty file', ({ to }: Move) => writeFile(to, ''), 0],
  ['in the middle of copying', ({ to }: Move) => writeFile(`${to}.77-0123abcd.part`, content.slice(4)), 0],
  ['when the copy was whole', ({ from, to }: Move) => copyFile(from, to), 0],
  [
    'when it was done',
    async ({ from, to }: Move) => {
      await copyFile(from, to);
      await rm(from);
    },
    1,
  ],
])('moving back after the mover was killed %s', (_, until, putBack) => {
  it('leaves the file where it was, and nothing elsewhere', async () => {
    const move = await planned();
    await until(move);
    expect(await move.back()).toEqual({ restored: [move.from], putBack, skipped: [] });
    expect(await move.files()).toEqual({ photos: ['a.jpg'], away: [] });
    expect(await readFile(move.from, 'utf8')).toBe(content);
  });
});

type Move = { readonly from: string; readonly to: string };

describe('moveBack', () => {
  it('keeps both where another file has taken the place, and says so', async () => {
    const { from, to, back } = await planned();
    await copyFile(from, to);
    await writeFile(from, 'somebody put this there');
    expect((await back()).skipped).toEqual([
      { path: from, reason: `another file is there; it stays at ${to}` },
    ]);
    expect(await readFile(to, 'utf8')).toBe(content);
    expect(await readFile(from, 'utf8')).toBe('somebody put this there');
  });

  it('puts back no file that is another one, and says what is nowhere', async () => {
    const { from, to, back } = await planned();
    await rm(from);
    expect((await back()).skipped).toEqual([{ path: from, reason: `neither there nor at ${to}` }]);
    await writeFile(to, 'not the picture');
    expect((await back()).skipped[0]!.reason).toMatch(/is another file/);
    expect(await readFile(to, 'utf8')).toBe('not the picture');
  });
});

describe('moveAway', () => {
  const known = (path: string, more: Partial<KnownFile> = {}): KnownFile => ({
    id: 1,
    path,
    entry: '',
    sha256: null,
    size: content.length,
    mtime: 0,
    ...more,
  });

  it('leaves what is in archives, and writes no undo file where nothing moves', async () => {
    const directory = await temporaryDirectory();
    const archive = join(directory, 'photos.zip');
    await writeFile(archive, 'zip');
    const moved = await moveAway({
      groups: [{ kept: [known(archive, { entry: 'a.jpg' })], others: [known(archive, { entry: 'b.jpg' })] }],
      folder: join(directory, 'away'),
      collection: directory,
      undoFile: join(directory, 'away', 'undo.jsonl'),
      onMoved: () => {},
    });
    expect(moved).toEqual({ files: [], skipped: [{ path: `${archive}/b.jpg`, reason: 'in an archive' }] });
    expect(await readdir(directory)).toEqual(['photos.zip']);
  });

  it('finds the folder that paths have in common', () => {
    expect(commonFolder(['/a/b/c.jpg', '/a/b/d/e.jpg'])).toBe('/a/b');
    expect(commonFolder(['/a/bc/1.jpg', '/a/b/1.jpg'])).toBe('/a');
    expect(commonFolder(['/a/1.jpg', '/b/1.jpg'])).toBe('/');
  });
});

describe('an undo file', () => {
  it('is read without the line that its writer was killed in', async () => {
    const path = join(await temporaryDirectory(), 'undo.jsonl');
    const undo = await UndoFile.create(path, '/photos.kin');
    const move = { from: '/a\n"b".jpg', to: '/c', sha256: 'ff', bytes: 3 };
    await undo.note(move);
    await undo.close();
    await writeFile(path, '{"from":"/x","to', { flag: 'a' });
    expect(await readUndoFile(path)).toEqual({ collection: '/photos.kin', moves: [move] });
    await expect(UndoFile.create(path, '/photos.kin')).rejects.toMatchObject({ code: 'file-not-writable' });
  });

  it('is refused where it is damaged, or another file', async () => {
    const path = join(await temporaryDirectory(), 'undo.jsonl');
    for (const text of [
      '',
      'hello\n',
      '{"kind":"imagekin moved files","version":1,"collection":"/k"}\nnonsense\n',
    ]) {
      await writeFile(path, text);
      await expect(readUndoFile(path)).rejects.toMatchObject({ code: 'source-damaged' });
    }
    await expect(readUndoFile(`${path}.gone`)).rejects.toMatchObject({ code: 'file-not-found' });
  });
});
