import { sep } from 'node:path';

/** Whether a path lies in a folder, by how both are written: absolute, and without links to be followed. The folder itself does not. */
export function isInside(path: string, folder: string): boolean {
  return path.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`);
}
