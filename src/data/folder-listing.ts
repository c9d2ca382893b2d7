import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ImagekinError, messageOf } from '../core/errors.js';
import type { OnSkipped } from './file-source.js';
import { isImageName } from './image-names.js';

/** Names of the folders directly in `directory`, in code unit order. */
export async function listFolders(directory: string): Promise<string[]> {
  return (await readRoot(directory)).filter(({ kind }) => kind === 'folder').map(({ name }) => name);
}

/**
 * Paths of all image files under `directory`, told by their extension, relative to it with forward slashes, in code
 * unit order. Hidden files and folders are left out; links are followed, but not in circles. No more than the entries of the
 * folders on the way are held at a time.
 * @param onSkipped is told of folders that cannot be read
 */
export async function* walkImageFiles(directory: string, onSkipped: OnSkipped): AsyncGenerator<string> {
  const seen = new Set<string>();
  async function* walk(folder: string, prefix: string, entries: readonly Entry[]): AsyncGenerator<string> {
    const real = await realpath(folder);
    if (seen.has(real)) return;
    seen.add(real);
    for (const { name, kind } of entries) {
      if (kind === 'folder') {
        const inner = join(folder, name);
        const found = await readEntries(inner).catch((error) => {
          onSkipped({ path: inner, reason: messageOf(error) });
          return [];
        });
        yield* walk(inner, `${prefix}${name}/`, found);
      } else if (isImageName(name)) yield prefix + name;
    }
  }
  yield* walk(directory, '', await readRoot(directory));
}

interface Entry {
  readonly name: string;
  readonly kind: 'file' | 'folder';
}

async function readRoot(directory: string): Promise<Entry[]> {
  return readEntries(directory).catch((cause: unknown) => {
    throw new ImagekinError('source-missing', {
      where: directory,
      expected: 'a readable directory',
      got: messageOf(cause),
      fix: 'check the path',
      cause,
    });
  });
}

async function readEntries(directory: string): Promise<Entry[]> {
  const found = await readdir(directory, { withFileTypes: true });
  const entries: Entry[] = [];
  for (const entry of found) {
    const kind = entry.name.startsWith('.') ? undefined : await kindOf(directory, entry);
    if (kind !== undefined) entries.push({ name: entry.name, kind });
  }
  // A folder is sorted as its paths begin, so that walking along gives whole paths in order: `a-b/1` before `a/1`.
  const key = ({ name, kind }: Entry) => (kind === 'folder' ? `${name}/` : name);
  return entries.sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

async function kindOf(directory: string, entry: Dirent): Promise<Entry['kind'] | undefined> {
  // A link that leads nowhere is no entry.
  const target = entry.isSymbolicLink()
    ? await stat(join(directory, entry.name)).catch(() => undefined)
    : entry;
  if (target?.isDirectory()) return 'folder';
  return target?.isFile() ? 'file' : undefined;
}
