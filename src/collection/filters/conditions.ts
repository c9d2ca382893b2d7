import type { Field } from './field.js';
import type { Filter, FilterOrder } from './filter.js';
import { not } from './filter.js';
import { type Literal, orderedValueFor, patternFor, valueFor } from './literal.js';

/** `null` means that there is nothing: what an image does not have, and what it has as `null`, are one. */
export type LiteralOrNull = Literal | null;

export function equals(field: Field, literals: readonly LiteralOrNull[]): Filter {
  const written = literals.filter((literal) => literal !== null);
  const some: Filter = { kind: 'equals', field, values: written.map((literal) => valueFor(field, literal)) };
  if (written.length === literals.length) return some;
  const nothing = missing(field);
  return written.length === 0 ? nothing : { kind: 'or', filters: [some, nothing] };
}

export function compare(field: Field, order: FilterOrder, literal: Literal): Filter {
  return { kind: 'compare', field, order, value: orderedValueFor(field, literal) };
}

export function like(field: Field, literal: Literal): Filter {
  return { kind: 'like', field, pattern: patternFor(field, literal) };
}

export function exists(field: Field): Filter {
  return { kind: 'exists', field };
}

export function missing(field: Field): Filter {
  return not(exists(field));
}
