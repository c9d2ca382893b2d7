import { join } from 'node:path';
import { glob } from 'tinyglobby';
import type { FileSource } from '../file-source.js';
import { isImageName } from '../image-names.js';
import { folderLayout, outermostFolders } from './folder-layout.js';

/** Whether a path has a character that stands for others. */
export function isGlob(path: string): boolean {
  return /[*?[\]{}]|[!@+]\(/.test(path);
}

/**
 * The image files that a pattern finds. They are named by their path below the pattern's base, the folders before its first
 * wildcard, and the folders of that path mean what they mean in a directory.
 */
export function globSource(pattern: string): FileSource {
  const { base, rest } = atFirstWildcard(pattern);
  return {
    name: pattern,
    directory: base,
    labelling: {
      expected: 'a pattern with a folder per class behind its first wildcard, as photos/**/*.jpg',
      fix: 'begin with the wildcard further up, or give labels by a manifest',
    },
    async *list() {
      const found = await glob(rest, { cwd: base, expandDirectories: false, dot: false });
      const paths = found.filter(isImageName).sort();
      const layout = folderLayout(outermostFolders(paths));
      for (const path of paths) yield { id: path, location: join(base, path), ...layout.describe(path) };
    },
  };
}

function atFirstWildcard(pattern: string): { base: string; rest: string } {
  const parts = (process.platform === 'win32' ? pattern.replaceAll('\\', '/') : pattern).split('/');
  const first = parts.findIndex(isGlob);
  const base = parts.slice(0, first).join('/');
  return {
    base: base || (pattern.startsWith('/') ? '/' : '.'),
    rest: parts.slice(first).join('/'),
  };
}
