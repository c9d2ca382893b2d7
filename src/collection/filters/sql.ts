import type { SqlCondition } from '../catalog/database.js';

/** Pieces of a statement as one. Text is ours; what a user wrote comes in as parameters alone. */
export function sql(...pieces: readonly (string | SqlCondition)[]): SqlCondition {
  return {
    sql: pieces.map((piece) => (typeof piece === 'string' ? piece : piece.sql)).join(''),
    params: pieces.flatMap((piece) => (typeof piece === 'string' ? [] : piece.params)),
  };
}

export function anySql(conditions: readonly SqlCondition[]): SqlCondition {
  return joined(conditions, 'OR', 'false');
}

export function allSql(conditions: readonly SqlCondition[]): SqlCondition {
  return joined(conditions, 'AND', 'true');
}

/** In halves, as SQLite takes expressions only so deep. */
function joined(conditions: readonly SqlCondition[], by: 'AND' | 'OR', none: string): SqlCondition {
  if (conditions.length <= 1) return conditions[0] ?? sql(none);
  const middle = conditions.length >> 1;
  return sql(
    '(',
    joined(conditions.slice(0, middle), by, none),
    ` ${by} `,
    joined(conditions.slice(middle), by, none),
    ')',
  );
}
