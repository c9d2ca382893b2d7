import { existsSync } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Collection } from '../../collection/collection.js';
import { isAlive } from '../../core/is-alive.js';

/** A file that is of no use any more. */
export interface Leftover {
  readonly path: string;
  readonly bytes: number;
}

/** What a writer that was killed leaves beside a file: its process stands in the name. */
const unfinished = /\.(\d+)-[0-9a-f]{8}\.part$/;

/**
 * Files in the folder of a collection that writers have left which are not alive any more. Those of the index look after
 * themselves.
 */
export async function findLeftovers({ directory, indexDirectory }: Collection): Promise<Leftover[]> {
  const found: Leftover[] = [];
  for (const folder of [directory, join(directory, 'models'), indexDirectory]) {
    if (!existsSync(folder)) continue;
    for (const name of await readdir(folder)) {
      const writer = unfinished.exec(name)?.[1];
      if (writer === undefined || isAlive(Number(writer))) continue;
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
