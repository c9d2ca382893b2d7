export { type PartMaker, type PartMakers, part } from './part.js';
export { type ReadRecipeOptions, readRecipe } from './read-recipe.js';
export { type Registry, registry } from './registry.js';
