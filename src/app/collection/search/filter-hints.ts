import type { UnknownKey } from '../../../collection/filters/index.js';

/** What is odd about a filter, in words. @param of the collection, where there may be others */
export function filterHints(unknown: readonly UnknownKey[], of?: string): string[] {
  const none = of === undefined ? 'no image' : `no image of ${of}`;
  return unknown.map(
    ({ name, meant }) => `${none} has "${name}"${meant === undefined ? '' : `; did you mean ${meant}?`}`,
  );
}
