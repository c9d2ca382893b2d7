import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ImagekinError } from '../../core/errors.js';
import { listImageFiles } from '../../data/folder-listing.js';
import type { ListedImage, Listing } from '../../data/listed-image.js';

/** A folder per class, below `train/`, `val/` and `test/` where there are such: every image file in it, read or not. */
export async function openChecked(spec: string): Promise<Listing> {
  if (!existsSync(spec) || !statSync(spec).isDirectory())
    throw new ImagekinError('unknown-source', {
      where: 'source',
      expected: 'a directory with image files in it',
      got: `"${spec}"${existsSync(spec) ? ', a file' : ''}`,
      fix: 'check the spelling or the path',
    });
  const paths = await listImageFiles(spec);
  const named = new Set(paths.map((path) => path.slice(0, Math.max(0, path.indexOf('/')))));
  const hasSplits = named.has('train') && (named.has('test') || named.has('val'));
  return {
    async *[Symbol.asyncIterator]() {
      for (const path of paths) yield listed(spec, path, hasSplits);
    },
  };
}

const splits = ['train', 'val', 'test'] as const;

function listed(directory: string, path: string, hasSplits: boolean): ListedImage {
  const split = hasSplits ? splits.find((name) => path.startsWith(`${name}/`)) : undefined;
  const below = split === undefined ? path : path.slice(split.length + 1);
  const slash = below.lastIndexOf('/');
  return {
    id: path,
    location: join(directory, path),
    ...(slash < 0 ? {} : { label: below.slice(0, slash) }),
    ...(split === undefined ? {} : { split }),
  };
}
