export { splitWays } from '../data/draw-splits.js';
