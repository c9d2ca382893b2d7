import { datePrefix, stretchOf, yearPrefix } from './dates.js';
import { columns, type Field, fieldName } from './field.js';
import type { FilterValue } from './filter.js';

/** A value as it was written. */
export interface Literal {
  readonly value: FilterValue;
  /** Its characters: a label may be `05`. */
  readonly text: string;
}

/** What a literal is not, in the words of an error. */
export class LiteralMisfit extends Error {
  constructor(
    readonly expected: string,
    readonly fix: string,
  ) {
    super(expected);
  }
}

/**
 * A literal as the value that a field is compared with: columns have types, metadata takes what was written.
 * @throws LiteralMisfit
 */
export function valueFor(field: Field, { value, text }: Literal): FilterValue {
  if ('keys' in field) return value;
  const { type } = columns[field.column];
  if (type === 'text') return text;
  if (type === 'number') {
    if (typeof value === 'number') return value;
    throw new LiteralMisfit(`a number for ${field.column}`, `write for example ${field.column} > 100`);
  }
  const prefix = typeof value === 'number' ? yearPrefix(value) : datePrefix(text);
  if (prefix !== undefined && stretchOf(prefix) !== undefined) return prefix;
  throw new LiteralMisfit(`a date for ${field.column}`, `write for example ${field.column} >= 2024-01-31`);
}

/** @throws LiteralMisfit where there is no order among what the field holds and the literal */
export function orderedValueFor(field: Field, literal: Literal): string | number {
  const value = valueFor(field, literal);
  if (typeof value !== 'boolean') return value;
  throw new LiteralMisfit('a number, a date or text', `write ${fieldName(field)} = ${value}`);
}

/** @throws LiteralMisfit where the field holds no text */
export function patternFor(field: Field, { text }: Literal): string {
  if ('keys' in field || columns[field.column].type === 'text') return text;
  throw new LiteralMisfit(
    `a field of text before a pattern, which ${field.column} is not`,
    `compare ${field.column} by =, !=, <, <=, > or >=`,
  );
}
