import { ImagekinError } from '../../core/errors.js';
import { accurate } from './accurate.js';
import { emoji } from './emoji.js';
import { fast } from './fast.js';
import { head } from './head.js';
import { kerasExample } from './keras-example.js';
import type { Recipe } from './recipe.js';

/** The recipes that ship, by name. */
export const recipes: Readonly<Record<string, Recipe>> = {
  [kerasExample.name]: kerasExample,
  [fast.name]: fast,
  [accurate.name]: accurate,
  [emoji.name]: emoji,
  [head.name]: head,
};

/** @throws `wrong-usage` that lists the recipes there are */
export function recipeNamed(name: string): Recipe {
  if (Object.hasOwn(recipes, name)) return recipes[name]!;
  throw new ImagekinError('wrong-usage', {
    where: '--recipe',
    expected: Object.keys(recipes).join(' or '),
    got: `'${name}'`,
    fix: 'name one of these',
  });
}
