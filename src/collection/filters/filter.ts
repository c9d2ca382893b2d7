import type { Field } from './field.js';

/** What a field is compared with. */
export type FilterValue = string | number | boolean;

export type FilterOrder = '<' | '<=' | '>' | '>=';

/**
 * A condition on images, whatever it was written as. Each holds of an image or does not, there is nothing in between: a field
 * that an image does not have, or has as `null`, holds of nothing, so that `not` of it holds. `!=` is `not` of `=`.
 */
export type Filter =
  /** Equal to one of the values. */
  | { readonly kind: 'equals'; readonly field: Field; readonly values: readonly FilterValue[] }
  | {
      readonly kind: 'compare';
      readonly field: Field;
      readonly order: FilterOrder;
      readonly value: string | number;
    }
  /** `*` stands for any characters, `?` for one; ASCII letters in either case. */
  | { readonly kind: 'like'; readonly field: Field; readonly pattern: string }
  | { readonly kind: 'exists'; readonly field: Field }
  | { readonly kind: 'not'; readonly filter: Filter }
  /** None of no filters is `and`'s truth and `or`'s falsehood. */
  | { readonly kind: 'and' | 'or'; readonly filters: readonly Filter[] };

export function not(filter: Filter): Filter {
  return filter.kind === 'not' ? filter.filter : { kind: 'not', filter };
}

/** All of some filters; `undefined` of none. */
export function allOf(filters: readonly Filter[]): Filter | undefined {
  return filters.length > 1 ? { kind: 'and', filters } : filters[0];
}

/** The fields that a filter asks for, each once. */
export function fieldsOf(filter: Filter): Field[] {
  const found = new Map<string, Field>();
  const visit = (part: Filter): void => {
    if ('field' in part) found.set(JSON.stringify(part.field), part.field);
    else if (part.kind === 'not') visit(part.filter);
    else part.filters.forEach(visit);
  };
  visit(filter);
  return [...found.values()];
}
