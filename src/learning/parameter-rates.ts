import { ImagekinError } from '../core/errors.js';

/**
 * Learning rates of parameters as multiples of the schedule's. A key is the name of a parameter or how it ends, such as
 * `offset` or `norm.offset` for `block1.norm.offset`; the longest key that fits decides, and where none fits the multiple
 * is 1. A parameter with a multiple of 0 is frozen: it keeps its first value, and no gradient is computed for it.
 */
export type ParameterRates = Readonly<Record<string, number>>;

/** The multiple of the learning rate that a parameter has. */
export function rateOf(name: string, rates: ParameterRates): number {
  const key = endings(name).find((ending) => Object.hasOwn(rates, ending));
  return key === undefined ? 1 : rates[key]!;
}

/** @throws `wrong-usage` where a rate is no rate, a key fits no parameter, or nothing is left to train */
export function requireFittingRates(names: readonly string[], rates: ParameterRates): void {
  const refused = (expected: string, got: string, fix: string) =>
    new ImagekinError('wrong-usage', { where: "the recipe's parameter rates", expected, got, fix });
  for (const [key, rate] of Object.entries(rates)) {
    if (!Number.isFinite(rate) || rate < 0)
      throw refused('multiples of the learning rate, 0 or larger', `${rate} for '${key}'`, 'correct it');
    if (!names.some((name) => endings(name).includes(key)))
      throw refused('names of parameters, or how they end', `'${key}'`, `name one of ${names.join(', ')}`);
  }
  if (names.every((name) => rateOf(name, rates) === 0))
    throw refused('something to train', 'rates that freeze every parameter', 'leave one out');
}

/** The name, then what is left of it without its first part, its first two, and so on. */
function endings(name: string): string[] {
  const parts = name.split('.');
  return parts.map((_, i) => parts.slice(i).join('.'));
}
