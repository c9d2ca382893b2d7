// @ts-check
import { parseArgs } from 'node:util';
import { UsageError } from './usage-error.js';

/**
 * The values of a benchmark's flags.
 * @param {string} benchmark
 * @param {string[]} args
 * @param {Record<string, string | undefined>} defaults by flag; all flags take a value
 * @returns {Record<string, string | undefined>}
 */
export function flagValues(benchmark, args, defaults) {
  const options = Object.fromEntries(
    Object.entries(defaults).map(([flag, value]) => [
      flag,
      { type: /** @type {const} */ ('string'), default: value },
    ]),
  );
  try {
    return /** @type {Record<string, string | undefined>} */ (parseArgs({ args, options }).values);
  } catch (error) {
    throw new UsageError(`bench ${benchmark}: ${error instanceof Error ? error.message : error}`);
  }
}

/**
 * @param {string} benchmark
 * @param {string} flag
 * @param {string | undefined} text
 */
export function wholeNumber(benchmark, flag, text) {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new UsageError(`bench ${benchmark}: expected --${flag} to be a whole number from 1, got ${text}`);
  return value;
}

/**
 * @template {string} T
 * @param {string} benchmark
 * @param {string} flag
 * @param {string | undefined} text
 * @param {readonly T[]} known
 */
export function oneOf(benchmark, flag, text, known) {
  const value = known.find((candidate) => candidate === text);
  if (value === undefined)
    throw new UsageError(`bench ${benchmark}: expected --${flag} to be ${known.join(' or ')}, got ${text}`);
  return value;
}
