import { existsSync } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Collection } from '../../collection/collection.js';
import { unfinished } from '../../core/files.js';
import { isAlive } from '../../core/is-alive.js';

/** A file that is of no use any more. */
export interface Leftover {
  readonly path: string;
  readonly bytes: number;
}

/** Folders of a collection that files are written into. */
const folders = ['.', 'models', 'index', 'derived', 'jobs', 'uploads'];

/**
 * Files in the folder of a collection that writers have left which are not alive any more. Those of the index look after
 * themselves.
 */
export function findLeftovers({ directory }: Collection): Promise<Leftover[]> {
  return unfinishedIn(folders.map((folder) => join(directory, folder)));
}

/**
 * The same in some folders.
 * @param isOver what else is known of a writer: that it is another one now, with the same number
 */
export async function unfinishedIn(
  places: readonly string[],
  isOver: (pid: number) => boolean = () => false,
): Promise<Leftover[]> {
  const found: Leftover[] = [];
  for (const folder of places) {
    if (!existsSync(folder)) continue;
    for (const name of await readdir(folder)) {
      const writer = unfinished.exec(name)?.[1];
      if (writer === undefined || (isAlive(Number(writer)) && !isOver(Number(writer)))) continue;
      const path = join(folder, name);
      const size = await stat(path).then(
        (stats) => stats.size,
        () => undefined,
      );
      if (size !== undefined) found.push({ path, bytes: size });
    }
  }
  return found;
}

export async function removeLeftovers(leftovers: readonly Leftover[]): Promise<void> {
  for (const { path } of leftovers) await rm(path, { force: true });
}
