import { Random } from '../../src/core/random.js';
import { type NaiveArray, tabulate } from './naive-array.js';

/**
 * Uniform numbers, the same in every run. They are float32 numbers, so that engine and interpreter start from the very
 * same values.
 */
export function randomArray(
  shape: readonly number[],
  { from = -1, to = 1, stream = 'x' }: { from?: number; to?: number; stream?: string } = {},
): NaiveArray {
  const random = Random.of(1, stream, ...shape);
  return tabulate(shape, () => Math.fround(random.between(from, to)));
}
