import type { Static } from '@sinclair/typebox';
import { type JsonPlace, placeAt, requireJson, wrongJson } from '../../core/check-json.js';
import { recipes } from '../recipes/index.js';
import type { Recipe } from '../recipes/recipe.js';
import { type PartMakers, readPart } from './part.js';
import { outerRecipeSchema } from './recipe-schema.js';
import { registry as everyPart, type Registry } from './registry.js';

export interface ReadRecipeOptions {
  /** The parts that it may name. Default: all that ship. */
  readonly registry?: Registry;
  /** Where it is written, for errors. Default: `recipe`. */
  readonly place?: JsonPlace;
}

/**
 * Makes a recipe of its written form, which is what `describeRecipe` gives and model files record: `{ name, network: { name,
 * ...options }, ... }`. With `base`, the name of a recipe that ships, it need hold only what is other than there; a `null`
 * takes an optional part away. What is made of a description is described the same and computes the same.
 *
 * @throws `wrong-usage` that names the place in the document, what was expected there, and what came
 */
export function readRecipe(
  written: unknown,
  { registry = everyPart, place = { document: 'recipe', path: [] } }: ReadRecipeOptions = {},
): Recipe {
  requireJson(outerRecipeSchema, written, place);
  const recipe = written as Static<typeof outerRecipeSchema>;
  const base = recipe.base === undefined ? undefined : recipes[recipe.base]!;

  const missing = (key: string) =>
    wrongJson(placeAt(place, key), `one, or a "base" to take it from`, 'neither', 'add it');
  const partOf = <Part>(key: PartKey, makers: PartMakers<Part>, ofBase: Part | undefined): Part => {
    if (recipe[key] !== undefined) return readPart(makers, key, recipe[key], placeAt(place, key));
    if (ofBase === undefined) throw missing(key);
    return ofBase;
  };
  const numberOf = (key: 'epochs' | 'batchesPerEpoch'): number => {
    const number = recipe[key] ?? base?.[key];
    if (number === undefined) throw missing(key);
    return number;
  };
  const option = <Key extends OptionKey>(key: Key): Pick<Recipe, Key> => {
    const value = recipe[key] === undefined ? base?.[key] : (recipe[key] ?? undefined);
    return (value === undefined ? {} : { [key]: value }) as Pick<Recipe, Key>;
  };

  const name = recipe.name ?? base?.name ?? 'unnamed';
  return {
    name,
    summary: base?.summary ?? recipes[name]?.summary ?? 'read from what is written down of it',
    network: partOf('network', registry.networks, base?.network),
    sampler: partOf('sampler', registry.samplers, base?.sampler),
    ...option('augmentation'),
    ...option('classAugmentation'),
    loss: partOf('loss', registry.losses, base?.loss),
    optimizer: partOf('optimizer', registry.optimizers, base?.optimizer),
    ...option('parameterRates'),
    schedule: partOf('schedule', registry.schedules, base?.schedule),
    ...option('clipNorm'),
    ...option('averageWeights'),
    ...option('projection'),
    epochs: numberOf('epochs'),
    batchesPerEpoch: numberOf('batchesPerEpoch'),
  };
}

type PartKey = 'network' | 'sampler' | 'loss' | 'optimizer' | 'schedule';
type OptionKey =
  | 'augmentation'
  | 'classAugmentation'
  | 'parameterRates'
  | 'clipNorm'
  | 'averageWeights'
  | 'projection';
