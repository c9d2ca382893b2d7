export {
  type CalibrationRequest,
  calibrateEmbeddings,
  defaultPopulation,
  defaultTargets,
} from './calibrate-embeddings.js';
export type { Calibration, CalibrationHalf, CalibrationThreshold } from './calibration.js';
export {
  type CalibrationFigures,
  calibrationFigures,
  defaultBins,
  type ReliabilityBin,
} from './calibration-figures.js';
export { chooseMethod, fitMap, type MethodChoice } from './choose-method.js';
export { type HalvedBy, type Halves, splitInHalves } from './halves.js';
export { fitIsotonic } from './isotonic-fit.js';
export { fitLogistic } from './logistic-fit.js';
export { type DrawOptions, type NeighbourPairsOptions, neighbourPairs } from './neighbour-pairs.js';
export { type IsotonicBlock, poolAdjacentViolators } from './pool-adjacent-violators.js';
export {
  type CalibrationMethod,
  calibrationMethods,
  type IsotonicMap,
  type LogisticMap,
  type ProbabilityMap,
  probabilityOf,
} from './probability-map.js';
export { type RandomPairsOptions, randomPairs } from './random-pairs.js';
export {
  type IntervalOptions,
  type PairRatio,
  ratioIntervals,
  type ShareEstimate,
  wilsonInterval,
} from './ratio-interval.js';
export { baseRate, type PairPopulation, type ScoredPairs, sameCount } from './scored-pairs.js';
export { type CalibrationSource, readCalibration, type StoredCalibration } from './stored-calibration.js';
export {
  assuredThreshold,
  figuresAt,
  highestPrecision,
  holds,
  type ThresholdFigures,
  type ThresholdTarget,
  targetFigures,
  thresholdFor,
} from './thresholds.js';
export {
  auroc,
  type UnknownClassFigures,
  type UnknownClassOptions,
  type UnknownClassScores,
  unknownClassFigures,
  unknownClassScores,
} from './unknown-classes.js';
