import type { CalibrationFigures } from './calibration-figures.js';
import type { HalvedBy } from './halves.js';
import type { CalibrationMethod, ProbabilityMap } from './probability-map.js';
import type { PairPopulation } from './scored-pairs.js';
import type { ThresholdFigures, ThresholdTarget } from './thresholds.js';
import type { UnknownClassFigures } from './unknown-classes.js';

/** What a calibration was fitted on, or measured on. */
export interface CalibrationHalf {
  readonly images: number;
  readonly classes: number;
  readonly pairs: number;
  /** How many of the pairs drawn are of the same class. */
  readonly samePairs: number;
  /** Share of same-class pairs in the population they stand for: the prior. */
  readonly baseRate: number;
}

/** A score from which on a target is met, and borne out by the interval of the fitted half. */
export interface CalibrationThreshold {
  readonly target: ThresholdTarget;
  /** `null` where the fitted half bears out no score; then so are all others. */
  readonly score: number | null;
  /** The calibrated probability of a pair of just that score; pairs above it have more. */
  readonly probability: number | null;
  /** On the half that the score was chosen on. */
  readonly fit: ThresholdFigures | null;
  /** On the other half. */
  readonly heldOut: ThresholdFigures | null;
  /** Whether the other half meets the target within its interval. */
  readonly holds: boolean | null;
  /** Queries whose nearest image has at least this score. */
  readonly knownQueriesAccepted: number | null;
  readonly unknownQueriesAccepted: number | null;
}

/** What scores of a model mean: a map to probabilities, how it was made, and how well it does on data not used for it. */
export interface Calibration {
  readonly map: ProbabilityMap;
  /** What the probabilities are probabilities of. */
  readonly population: PairPopulation;
  /** Whether the halves have no class in common, or only no image. */
  readonly halvedBy: HalvedBy;
  readonly seed: number;
  /** Log loss of both methods in cross-validation on the fitted half; `null` where the method was asked for. */
  readonly methodLogLoss: Readonly<Record<CalibrationMethod, number>> | null;
  readonly fit: CalibrationHalf;
  /** Of the half that was not fitted on. */
  readonly heldOut: CalibrationHalf & CalibrationFigures;
  /** On the fitted half: what no target of precision can go beyond. */
  readonly highestPrecision: { readonly score: number; readonly precision: number };
  readonly thresholds: readonly CalibrationThreshold[];
  /** On the half that was not fitted on; `null` where it has too few classes. */
  readonly unknownClasses: UnknownClassFigures | null;
}
