export { recipes } from '../learning/recipes/index.js';
