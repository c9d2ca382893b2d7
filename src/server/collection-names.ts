import { basename, resolve } from 'node:path';

/**
 * Names of collections, as they stand in addresses, of their folders: the folder's own name without `.kin`, whatever is awkward in
 * an address as `-`, and a number behind it where two would have one name.
 */
export function collectionNames(directories: readonly string[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const directory of directories) {
    const wanted = nameOf(directory);
    let name = wanted;
    for (let number = 2; names.has(name); number++) name = `${wanted}-${number}`;
    names.set(name, directory);
  }
  return names;
}

function nameOf(directory: string): string {
  const cleaned = basename(resolve(directory))
    .replace(/\.kin$/i, '')
    .normalize('NFC')
    .replace(/[^\p{L}\p{M}\p{N}._-]+/gu, '-')
    // Browsers take `.` and `..` out of addresses.
    .replace(/^[.-]+|[.-]+$/g, '')
    .slice(0, 100);
  return cleaned === '' ? 'collection' : cleaned;
}
