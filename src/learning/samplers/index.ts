export { type AnchorPositivePairsOptions, anchorPositivePairs } from './anchor-positive-pairs.js';
export { type ClassBalancedOptions, classBalanced, type Draws } from './class-balanced.js';
export { type Coverage, coverage, type Spread } from './coverage.js';
export { type ConfusedClasses, type HardClassesOptions, hardClasses } from './hard-classes.js';
export type { Batch, BatchSampler, SampledLabels, SamplerPlan } from './sampler.js';
export { type ShuffledOptions, shuffled } from './shuffled.js';
