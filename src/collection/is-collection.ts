import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Whether a collection lies there. Nothing of what reads one is loaded for that. */
export function isCollection(directory: string): boolean {
  return existsSync(catalogPath(directory));
}

export function catalogPath(directory: string): string {
  return join(directory, 'catalog.sqlite');
}
