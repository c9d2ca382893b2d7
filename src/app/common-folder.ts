import { dirname, parse, sep } from 'node:path';

/** The folder that all paths lie in, at some depth. */
export function commonFolder(paths: readonly string[]): string {
  if (paths.length === 0) return sep;
  let common = dirname(paths[0]!);
  for (const path of paths)
    while (!`${dirname(path)}${sep}`.startsWith(common.endsWith(sep) ? common : `${common}${sep}`)) {
      if (common === parse(common).root) return common;
      common = dirname(common);
    }
  return common;
}
