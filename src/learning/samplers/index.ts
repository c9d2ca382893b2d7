export { type AnchorPositivePairsOptions, anchorPositivePairs } from './anchor-positive-pairs.js';
export { type ClassBalancedOptions, classBalanced } from './class-balanced.js';
export type { BatchSampler, SamplerPlan } from './sampler.js';
export { type ShuffledOptions, shuffled } from './shuffled.js';
