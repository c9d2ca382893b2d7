import { ImagekinError } from '../../core/errors.js';
import { compare, equals, exists, type LiteralOrNull, like } from './conditions.js';
import { type Field, fieldOf } from './field.js';
import { allOf, type Filter, type FilterOrder, type FilterValue, not } from './filter.js';
import { type Literal, LiteralMisfit } from './literal.js';
import { tokensOf } from './tokens.js';

/** A value in a program. Dates are compared in UTC. */
export type WhereValue = FilterValue | Date | null;

/** What is asked of one field; all of it must hold. */
export interface WhereComparison {
  readonly eq?: WhereValue;
  readonly ne?: WhereValue;
  readonly lt?: string | number | Date;
  readonly lte?: string | number | Date;
  readonly gt?: string | number | Date;
  readonly gte?: string | number | Date;
  readonly in?: readonly WhereValue[];
  readonly notIn?: readonly WhereValue[];
  /** `*` for any characters, `?` for one; ASCII letters in either case. */
  readonly like?: string;
  readonly exists?: boolean;
}

/**
 * A filter as a program writes it: `{ label: 'boot', width: { gt: 800 }, tag: ['a', 'b'] }`. All of it must hold; a list means
 * any of its values. Fields are columns, or keys of metadata as `gps.lat`. `and`, `or` and `not` hold further filters.
 */
export interface Where {
  readonly and?: readonly Where[];
  readonly or?: readonly Where[];
  readonly not?: Where;
  readonly [field: string]:
    | WhereValue
    | readonly WhereValue[]
    | WhereComparison
    | readonly Where[]
    | Where
    | undefined;
}

const orders: Readonly<Record<string, FilterOrder>> = { lt: '<', lte: '<=', gt: '>', gte: '>=' };
const deepest = 50;

/** @throws `filter-invalid` */
export function filterOfWhere(where: Where, depth = 0): Filter {
  if (!isObject(where)) throw fault('where', 'an object', where, "write for example { label: 'boot' }");
  if (depth > deepest)
    throw fault('where', `at most ${deepest} filters within each other`, 'more', 'write it flatter');
  const filters = Object.entries(where).flatMap(([name, asked]) =>
    asked === undefined ? [] : [partOf(name, asked, depth)],
  );
  return allOf(filters) ?? { kind: 'and', filters: [] };
}

function partOf(name: string, asked: unknown, depth: number): Filter {
  if (name === 'not') return not(filterOfWhere(asked as Where, depth + 1));
  if (name === 'and' || name === 'or') {
    if (!Array.isArray(asked)) throw fault(name, 'a list of filters', asked, `write ${name}: [{ … }, { … }]`);
    return { kind: name, filters: asked.map((part: Where) => filterOfWhere(part, depth + 1)) };
  }
  const field = fieldNamed(name);
  const fitted = (make: () => Filter): Filter => {
    try {
      return make();
    } catch (error) {
      if (error instanceof LiteralMisfit) throw fault(name, error.expected, asked, error.fix);
      throw error;
    }
  };
  const values = (list: unknown) => {
    if (!Array.isArray(list)) throw fault(name, 'a list of values', list, `write ${name}: { in: [ … ] }`);
    return list.map((value) => literalOf(name, value));
  };
  if (Array.isArray(asked)) return fitted(() => equals(field, values(asked)));
  if (!isObject(asked)) return fitted(() => equals(field, [literalOf(name, asked)]));
  const parts = Object.entries(asked).flatMap(([operator, value]) =>
    value === undefined ? [] : [fitted(() => compared(name, field, operator, value, values))],
  );
  return allOf(parts) ?? { kind: 'and', filters: [] };
}

function compared(
  name: string,
  field: Field,
  operator: string,
  value: unknown,
  values: (list: unknown) => LiteralOrNull[],
): Filter {
  switch (operator) {
    case 'eq':
      return equals(field, [literalOf(name, value)]);
    case 'ne':
      return not(equals(field, [literalOf(name, value)]));
    case 'in':
      return equals(field, values(value));
    case 'notIn':
      return not(equals(field, values(value)));
    case 'like':
      return like(field, present(name, value));
    case 'exists':
      return value === false ? not(exists(field)) : exists(field);
    default: {
      const order = Object.hasOwn(orders, operator) ? orders[operator] : undefined;
      if (order) return compare(field, order, present(name, value));
      throw fault(
        name,
        'eq, ne, lt, lte, gt, gte, in, notIn, like or exists',
        operator,
        `write for example ${name}: { gte: 10 }; of what lies within a value, '${name}.${operator}'`,
      );
    }
  }
}

function present(name: string, value: unknown): Literal {
  const literal = literalOf(name, value);
  if (literal) return literal;
  throw fault(
    name,
    'a value with an order, or a pattern',
    value,
    `write ${name}: null, or ${name}: { exists: false }`,
  );
}

function literalOf(name: string, value: unknown): LiteralOrNull {
  if (value === null) return null;
  if (value instanceof Date && !Number.isNaN(value.getTime())) {
    const text = value.toISOString();
    return { value: text, text };
  }
  if (typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value))
    return { value: value as FilterValue, text: String(value) };
  throw fault(name, 'text, a finite number, true, false, null or a date', value, 'write one of these');
}

/** A name as it would stand in a filter's text. */
function fieldNamed(name: string): Field {
  const [token, end] = name.includes('`') ? tokensOf(name) : [];
  if (token?.kind === 'keys' && end?.kind === 'end') return fieldOf(token.keys!);
  const keys = name.split('.');
  if (!keys.includes('')) return fieldOf(keys);
  throw fault(name, 'the name of a field', `'${name}'`, 'write keys with one dot between');
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

function fault(name: string, expected: string, got: unknown, fix: string): ImagekinError {
  return new ImagekinError('filter-invalid', {
    where: `where: ${name}`,
    expected,
    got: typeof got === 'string' ? got : (JSON.stringify(got) ?? String(got)),
    fix,
  });
}
