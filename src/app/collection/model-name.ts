import { existsSync } from 'node:fs';
import { basename } from 'node:path';

/** What a collection calls a model: its file's name without the folders, or the name of a model that was pulled. */
export function modelName(path: string): string {
  return existsSync(path) ? basename(path) : path;
}
