export { embeddingNorm } from './embedding-norm.js';
export { koLeo } from './ko-leo.js';
export type { Regularizer } from './regularizer.js';
