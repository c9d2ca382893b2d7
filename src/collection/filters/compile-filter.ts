import { ImagekinError } from '../../core/errors.js';
import { jsonParameter, type SqlCondition } from '../catalog/database.js';
import { stretchOf } from './dates.js';
import { columns, type Field, fieldName } from './field.js';
import type { Filter, FilterOrder, FilterValue } from './filter.js';
import { allSql, anySql, sql } from './sql.js';
import { equalsTest, globOf, likeTest, orderTest, type ValueTest } from './value-test.js';

/** So many parameters a statement of SQLite may have. */
const mostParameters = 32_000;

/**
 * A filter as a condition on `images`. It is true or false of every row, never `NULL`, so that `NOT` of it is what is left.
 * Whatever a user wrote, names of keys too, stands in the parameters.
 * @throws `filter-invalid` where it has too many values for SQLite
 */
export function compileFilter(filter: Filter): SqlCondition {
  const compiled = conditionOf(filter);
  if (compiled.params.length <= mostParameters) return compiled;
  throw new ImagekinError('filter-invalid', {
    where: 'filter',
    expected: `at most ${mostParameters} values`,
    got: `${compiled.params.length}`,
    fix: 'split it into several searches',
  });
}

function conditionOf(filter: Filter): SqlCondition {
  switch (filter.kind) {
    case 'not':
      return sql('NOT (', conditionOf(filter.filter), ')');
    case 'and':
      return allSql(filter.filters.map(conditionOf));
    case 'or':
      return anySql(filter.filters.map(conditionOf));
    default:
      return 'column' in filter.field
        ? columnCondition(filter, filter.field)
        : metadataCondition(filter, filter.field.keys);
  }
}

type Leaf = Extract<Filter, { field: Field }>;

function columnCondition(leaf: Leaf, { column }: Extract<Field, { column: unknown }>): SqlCondition {
  const { sql: name, type } = columns[column];
  const present = (condition: SqlCondition) => sql(`(${name} IS NOT NULL AND `, condition, ')');
  if (leaf.kind === 'exists') return sql(`${name} IS NOT NULL`);
  if (leaf.kind === 'like') return present({ sql: `lower(${name}) GLOB ?`, params: [globOf(leaf.pattern)] });
  if (type === 'time')
    return present(
      leaf.kind === 'equals'
        ? anySql(leaf.values.map((value) => timeEquals(name, value as string)))
        : timeOrder(name, leaf.order, leaf.value as string),
    );
  if (type === 'date')
    return leaf.kind === 'equals'
      ? anySql(leaf.values.map((value) => dateCompare(name, '=', value as string)))
      : dateCompare(name, leaf.order, leaf.value as string);
  if (leaf.kind === 'compare') return present({ sql: `${name} ${leaf.order} ?`, params: [leaf.value] });
  return leaf.values.length === 1
    ? { sql: `${name} IS ?`, params: [leaf.values[0] as string | number] }
    : present({
        sql: `${name} IN (SELECT value FROM json_each(?))`,
        params: [jsonParameter(leaf.values)],
      });
}

function dateCompare(name: string, order: FilterOrder | '=', date: string): SqlCondition {
  return { sql: `substr(${name}, 1, ${date.length}) ${order} ?`, params: [date] };
}

function timeEquals(name: string, date: string): SqlCondition {
  const { from, to } = stretchOf(date)!;
  return { sql: `(${name} >= ? AND ${name} < ?)`, params: [from, to] };
}

function timeOrder(name: string, order: FilterOrder, date: string): SqlCondition {
  const { from, to } = stretchOf(date)!;
  // As far as it is written: later than 2024 is from 2025 on.
  if (order === '<' || order === '>=') return { sql: `${name} ${order} ?`, params: [from] };
  return { sql: `${name} ${order === '>' ? '>=' : '<'} ?`, params: [to] };
}

function metadataCondition(leaf: Leaf, keys: readonly string[]): SqlCondition {
  const path = jsonPath(keys);
  const type: SqlCondition = { sql: 'json_type(images.metadata, ?)', params: [path] };
  if (leaf.kind === 'exists') return sql('coalesce(', type, ", 'null') <> 'null'");
  const test = testOf(leaf);
  return sql(
    'CASE ',
    type,
    cases({ sql: 'json_extract(images.metadata, ?)', params: [path] }, test),
    " WHEN 'array' THEN EXISTS (SELECT 1 FROM json_each(images.metadata, ",
    { sql: '?', params: [path] },
    ') AS element WHERE CASE element.type',
    cases(sql('element.value'), test),
    ' ELSE false END) ELSE false END',
  );
}

function testOf(leaf: Exclude<Leaf, { kind: 'exists' }>): ValueTest {
  if (leaf.kind === 'equals') return equalsTest(leaf.values as readonly FilterValue[]);
  return leaf.kind === 'like' ? likeTest(leaf.pattern) : orderTest(leaf.order, leaf.value);
}

function cases(value: SqlCondition, test: ValueTest): SqlCondition {
  return sql(
    " WHEN 'text' THEN ",
    test.text(value),
    " WHEN 'integer' THEN ",
    test.number(value),
    " WHEN 'real' THEN ",
    test.number(value),
    ` WHEN 'true' THEN ${test.true} WHEN 'false' THEN ${test.false}`,
  );
}

/** Where a value lies in the metadata, as SQLite writes it. @throws `filter-invalid` for keys that it cannot write */
export function jsonPath(keys: readonly string[]): string {
  return `$${keys.map((key) => `.${label(key, keys)}`).join('')}`;
}

function label(key: string, keys: readonly string[]): string {
  if (!key.includes('"')) return JSON.stringify(key);
  // SQLite knows no way to write a mark within marks; without them, a label ends at the next dot or bracket.
  if (!/^"|[.[\\]/.test(key)) return key;
  throw new ImagekinError('filter-invalid', {
    where: 'filter',
    expected: 'keys of metadata without both quotation marks and dots or brackets',
    got: fieldName({ keys }),
    fix: 'name the key otherwise in the metadata',
  });
}
