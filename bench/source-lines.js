// @ts-check
import { readdirSync, readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { join } from 'node:path';

/**
 * Gives a function from lines of compiled files, as the engine records them, to those of the TypeScript that they were
 * compiled from: `layers/dense.js:7` to `layers/dense.ts:26`. What it does not know it leaves as it is.
 *
 * @param {string} directory of the compiled files and their source maps
 */
export function sourceLines(directory) {
  const files = readdirSync(directory, { recursive: true, encoding: 'utf8' });
  /** @type {Map<string, SourceMap | undefined>} */
  const maps = new Map();
  const mapOf = (/** @type {string} */ file) => {
    if (!maps.has(file)) {
      const found = files.find((candidate) => `/${candidate}`.replaceAll('\\', '/').endsWith(`/${file}.map`));
      maps.set(
        file,
        found === undefined
          ? undefined
          : new SourceMap(JSON.parse(readFileSync(join(directory, found), 'utf8'))),
      );
    }
    return maps.get(file);
  };
  return (/** @type {string} */ text) =>
    text.replace(/([^/@∂\s]+\/[^/@\s]+)\.js:(\d+)/, (compiled, stem, line) => {
      // The line's last entry, as its column is not recorded.
      const entry = mapOf(`${stem}.js`)?.findEntry(Number(line) - 1, Number.MAX_SAFE_INTEGER);
      return entry && 'originalLine' in entry ? `${stem}.ts:${entry.originalLine + 1}` : compiled;
    });
}
