import type { NaiveArray } from './naive-array.js';

/** What an operation computes, as its definition says and in no other way. */
export type NaiveRule<Attributes> = (
  inputs: readonly NaiveArray[],
  attributes: Attributes,
) => readonly NaiveArray[];
