import { execFile } from 'node:child_process';
import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../../../../test/fixtures/temporary-directory.js';
import { openWithinRoots, realPathWithin } from './within-roots.js';

/** A folder that may be shown, beside one that may not. */
async function folders() {
  const root = await temporaryDirectory();
  const [shown, hidden] = [join(root, 'shown'), join(root, 'hidden')];
  await mkdir(join(shown, 'below'), { recursive: true });
  await mkdir(hidden);
  await writeFile(join(shown, 'below', 'a.jpg'), 'shown');
  await writeFile(join(hidden, 'secret'), 'hidden');
  return { root, shown, hidden };
}

async function read(path: string, roots: readonly string[]): Promise<string> {
  const { file } = await openWithinRoots(path, roots, 'image 1');
  try {
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}

const refused = { code: 'image-not-found' };

describe('openWithinRoots', () => {
  it('opens what lies in a root, and a root that is a file', async () => {
    const { shown } = await folders();
    const path = join(shown, 'below', 'a.jpg');
    expect(await read(path, ['/nowhere', shown])).toBe('shown');
    expect(await read(path, [path])).toBe('shown');
    const { file, size } = await openWithinRoots(path, [shown], 'image 1');
    await file.close();
    expect(size).toBe(5);
  });

  it('opens what is reached by a link to the root, or by one within it', async () => {
    const { root, shown } = await folders();
    await symlink(shown, join(root, 'link'));
    await symlink(join(shown, 'below', 'a.jpg'), join(shown, 'b.jpg'));
    expect(await read(join(root, 'link', 'below', 'a.jpg'), [shown])).toBe('shown');
    expect(await read(join(shown, 'below', 'a.jpg'), [join(root, 'link')])).toBe('shown');
    expect(await read(join(shown, 'b.jpg'), [shown])).toBe('shown');
  });

  it('refuses links that lead out, to files and to folders', async () => {
    const { shown, hidden } = await folders();
    await symlink(join(hidden, 'secret'), join(shown, 'file.jpg'));
    await symlink(hidden, join(shown, 'folder'));
    await expect(read(join(shown, 'file.jpg'), [shown])).rejects.toMatchObject(refused);
    await expect(read(join(shown, 'folder', 'secret'), [shown])).rejects.toMatchObject(refused);
  });

  it('refuses ways out by .., and folders whose names begin alike', async () => {
    const { root, shown } = await folders();
    await mkdir(`${shown}-not`);
    await writeFile(`${shown}-not/x`, 'hidden');
    await expect(read(`${shown}/../hidden/secret`, [shown])).rejects.toMatchObject(refused);
    await expect(read(`${shown}/below/../../hidden/secret`, [shown])).rejects.toMatchObject(refused);
    await expect(read(`${shown}-not/x`, [shown])).rejects.toMatchObject(refused);
    await expect(read(join(root, 'hidden', 'secret'), [])).rejects.toMatchObject(refused);
  });

  it('refuses what is no ordinary file, without waiting for it', async () => {
    const { shown } = await folders();
    await promisify(execFile)('mkfifo', [join(shown, 'pipe')]);
    await expect(read(join(shown, 'pipe'), [shown])).rejects.toMatchObject(refused);
    await expect(read(join(shown, 'below'), [shown])).rejects.toMatchObject(refused);
    await expect(read(join(shown, 'none.jpg'), [shown])).rejects.toMatchObject(refused);
  });

  it('says the same of what is not there and of what may not be shown', async () => {
    const { shown, hidden } = await folders();
    const messageOf = (path: string) => read(path, [shown]).catch((error: Error) => error.message);
    expect(await messageOf(join(hidden, 'secret'))).toBe(await messageOf(join(hidden, 'none')));
  });

  // Elsewhere it is only looked at again.
  it.skipIf(process.platform !== 'linux')(
    'never gives what lies elsewhere, however a folder on the way is changed meanwhile',
    async () => {
      const { shown, hidden } = await folders();
      await writeFile(join(hidden, 'a.jpg'), 'hidden');
      const [below, aside] = [join(shown, 'below'), join(shown, 'aside')];
      let isDone = false;
      const swapping = (async () => {
        while (!isDone) {
          await rename(below, aside);
          await symlink(hidden, below);
          await rm(below);
          await rename(aside, below);
        }
      })();
      const found = new Set<string>();
      for (let i = 0; i < 300; i++)
        found.add(await read(join(below, 'a.jpg'), [shown]).catch(({ code }) => String(code)));
      isDone = true;
      await swapping;
      expect([...found].filter((one) => one !== 'shown' && one !== 'image-not-found')).toEqual([]);
    },
  );
});

describe('realPathWithin', () => {
  it('takes all that there is where the root is that of the file system', async () => {
    const { hidden } = await folders();
    expect(await realPathWithin(join(hidden, 'secret'), ['/'])).toMatch(/secret$/);
  });
});
