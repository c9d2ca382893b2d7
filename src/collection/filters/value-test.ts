import type { SqlCondition, SqlValue } from '../catalog/database.js';
import { datePrefix, yearPrefix } from './dates.js';
import type { FilterOrder, FilterValue } from './filter.js';
import { allSql, anySql, sql } from './sql.js';

/** A test of one value of the metadata, by the type that it has in JSON. */
export interface ValueTest {
  text(value: SqlCondition): SqlCondition;
  number(value: SqlCondition): SqlCondition;
  readonly true: boolean;
  readonly false: boolean;
}

/** Text that begins as a date does. */
const dateGlob = '[0-9][0-9][0-9][0-9]-[0-9][0-9]*';

/**
 * Whether a value is one of some. A number is equal to numbers and to text that is one, as cells of a CSV file are; the number
 * of a year also to dates in it; a date to text that begins with it; `true` and `false` also to these words.
 */
export function equalsTest(values: readonly FilterValue[]): ValueTest {
  const numbers = values.filter((value) => typeof value === 'number');
  const texts = values.filter((value) => typeof value === 'string');
  const booleans = values.filter((value) => typeof value === 'boolean');
  const dates = [
    ...texts.flatMap((text) => datePrefix(text) ?? []),
    ...numbers.flatMap((value) => yearPrefix(value) ?? []),
  ];
  const words = [...texts.filter((text) => datePrefix(text) === undefined), ...booleans.map(String)];
  return {
    text: (value) =>
      anySql([
        ...(words.length > 0 ? [oneOf(value, words)] : []),
        ...dates.map((date) => dateCompare(value, '=', date)),
        ...(numbers.length > 0 ? [ifNumber(value, (number) => oneOf(number, numbers))] : []),
      ]),
    number: (value) => (numbers.length > 0 ? oneOf(value, numbers) : sql('false')),
    true: booleans.includes(true),
    false: booleans.includes(false),
  };
}

/**
 * Whether a value stands in an order to another. Numbers compare with numbers and with text that is one, dates and years with
 * text that begins as a date, as far as they are written; other text by its UTF-8 bytes with text.
 */
export function orderTest(order: FilterOrder, than: string | number): ValueTest {
  const date = typeof than === 'number' ? yearPrefix(than) : datePrefix(than);
  const byDate = (value: SqlCondition, otherwise: SqlCondition) =>
    date === undefined
      ? otherwise
      : sql(
          'CASE WHEN ',
          isDate(value),
          ' THEN ',
          dateCompare(value, order, date),
          ' ELSE ',
          otherwise,
          ' END',
        );
  const compared = (value: SqlCondition) => sql(value, ` ${order} `, param(than));
  return {
    text: (value) => byDate(value, typeof than === 'number' ? ifNumber(value, compared) : compared(value)),
    number: (value) => (typeof than === 'number' ? compared(value) : sql('false')),
    true: false,
    false: false,
  };
}

/** Whether text meets a pattern. */
export function likeTest(pattern: string): ValueTest {
  return {
    text: (value) => sql('lower(', value, ') GLOB ', param(globOf(pattern))),
    number: () => sql('false'),
    true: false,
    false: false,
  };
}

/** The pattern as SQLite has them: brackets, which names of files have, are no signs of ours. */
export function globOf(pattern: string): string {
  return pattern.replaceAll('[', '[[]').replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

function param(value: SqlValue): SqlCondition {
  return { sql: '?', params: [value] };
}

function oneOf(value: SqlCondition, values: readonly (string | number)[]): SqlCondition {
  return values.length === 1
    ? sql(value, ' = ', param(values[0]!))
    : sql(value, ' IN (SELECT value FROM json_each(', param(JSON.stringify(values)), '))');
}

function isDate(value: SqlCondition): SqlCondition {
  return sql(value, ' GLOB ', param(dateGlob));
}

function dateCompare(value: SqlCondition, order: FilterOrder | '=', date: string): SqlCondition {
  const written = sql('replace(substr(', value, `, 1, ${date.length}), ' ', 'T')`);
  return allSql([isDate(value), sql(written, ` ${order} `, param(date))]);
}

/** A condition on text that is a number as JSON writes them; of other text it is false. */
function ifNumber(value: SqlCondition, test: (number: SqlCondition) => SqlCondition): SqlCondition {
  return sql(
    'CASE WHEN json_valid(',
    value,
    ') THEN CASE WHEN json_type(',
    value,
    ") IN ('integer', 'real') THEN ",
    test(sql('CAST(', value, ' AS REAL)')),
    ' ELSE false END ELSE false END',
  );
}
