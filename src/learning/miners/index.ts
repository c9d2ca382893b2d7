export { batchAll } from './batch-all.js';
export { batchHard } from './batch-hard.js';
export { batchSemiHard } from './batch-semi-hard.js';
export { type DistanceWeightedOptions, distanceWeighted } from './distance-weighted.js';
export type { MinedPairs, MinedTriplets, Miner } from './miner.js';
export { type MultiSimilarityMinerOptions, multiSimilarityMiner } from './multi-similarity.js';
