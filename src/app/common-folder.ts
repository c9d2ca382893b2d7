import { dirname, parse, sep } from 'node:path';
import { isInside } from '../core/is-inside.js';

/** The folder that all paths lie in, at some depth. */
export function commonFolder(paths: readonly string[]): string {
  if (paths.length === 0) return sep;
  let common = dirname(paths[0]!);
  for (const path of paths)
    while (!isInside(path, common)) {
      if (common === parse(common).root) return common;
      common = dirname(common);
    }
  return common;
}
