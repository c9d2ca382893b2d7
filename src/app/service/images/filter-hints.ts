import type { UnknownKey } from '../../../collection/filters/index.js';

/** What is odd about a filter, in words. */
export function filterHints(unknown: readonly UnknownKey[]): string[] {
  return unknown.map(
    ({ name, meant }) => `no image has "${name}"${meant === undefined ? '' : `; did you mean ${meant}?`}`,
  );
}
