import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { ImagekinError, messageOf } from '../core/errors.js';

/** Formats that decode, and others that people keep beside them: those are listed as skipped rather than overlooked. */
const imageExtensions = new Set(
  '.jpg .jpeg .jpe .jfif .png .webp .gif .tif .tiff .avif .svg .bmp .heic .heif .jp2 .jxl'.split(' '),
);

/** Names of the folders directly in `directory`, in code unit order. */
export async function listFolders(directory: string): Promise<string[]> {
  return (await readEntries(directory)).filter(({ kind }) => kind === 'folder').map(({ name }) => name);
}

/**
 * Paths of all image files under `directory`, told by their extension, relative to it with forward slashes, in code
 * unit order. Hidden files and folders are left out; links are followed, but not in circles.
 */
export async function listImageFiles(directory: string): Promise<string[]> {
  const files: string[] = [];
  const seen = new Set<string>();
  const walk = async (folder: string, prefix: string) => {
    const entries = await readEntries(folder);
    const real = await realpath(folder);
    if (seen.has(real)) return;
    seen.add(real);
    for (const { name, kind } of entries) {
      if (kind === 'folder') await walk(join(folder, name), `${prefix}${name}/`);
      else if (imageExtensions.has(extname(name).toLowerCase())) files.push(prefix + name);
    }
  };
  await walk(directory, '');
  return files.sort();
}

interface Entry {
  readonly name: string;
  readonly kind: 'file' | 'folder';
}

async function readEntries(directory: string): Promise<Entry[]> {
  const found = await readdir(directory, { withFileTypes: true }).catch((cause: unknown) => {
    throw new ImagekinError('source-missing', {
      where: directory,
      expected: 'a readable directory',
      got: messageOf(cause),
      fix: 'check the path',
      cause,
    });
  });
  const entries: Entry[] = [];
  for (const entry of found) {
    const kind = entry.name.startsWith('.') ? undefined : await kindOf(directory, entry);
    if (kind !== undefined) entries.push({ name: entry.name, kind });
  }
  return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function kindOf(directory: string, entry: Dirent): Promise<Entry['kind'] | undefined> {
  // A link that leads nowhere is no entry.
  const target = entry.isSymbolicLink()
    ? await stat(join(directory, entry.name)).catch(() => undefined)
    : entry;
  if (target?.isDirectory()) return 'folder';
  return target?.isFile() ? 'file' : undefined;
}
