import { allOf, type Filter } from './filter.js';
import { parseFilter } from './parse-filter.js';
import { filterOfWhere, type Where } from './where.js';

/** A filter as text, as an object, or several of which all must hold. */
export type FilterInput = string | Where | readonly (string | Where)[];

/** @returns `undefined` where nothing is asked. @throws `filter-invalid` */
export function readFilter(input: FilterInput | undefined): Filter | undefined {
  if (input === undefined) return undefined;
  const parts = isList(input) ? input : [input];
  return allOf(parts.map((part) => (typeof part === 'string' ? parseFilter(part) : filterOfWhere(part))));
}

function isList(input: FilterInput): input is readonly (string | Where)[] {
  return Array.isArray(input);
}
