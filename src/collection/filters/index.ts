export { compileFilter } from './compile-filter.js';
export { type ColumnType, columns, type Field, fieldName } from './field.js';
export { type Filter, type FilterValue, fieldsOf } from './filter.js';
export { FilteredIds, type FilteredImages } from './filtered-ids.js';
export { readFields } from './read-fields.js';
export { type FilterInput, readFilter } from './read-filter.js';
export type { UnknownKey } from './unknown-keys.js';
export type { Where, WhereComparison, WhereValue } from './where.js';
export { writeCondition } from './write-condition.js';
