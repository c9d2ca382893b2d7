import { Random } from '../../core/random.js';
import { logLosses } from './calibration-figures.js';
import { fitIsotonic } from './isotonic-fit.js';
import { fitLogistic } from './logistic-fit.js';
import { type CalibrationMethod, calibrationMethods, type ProbabilityMap } from './probability-map.js';
import { type ScoredPairs, sameCount, selectPairs } from './scored-pairs.js';

export interface MethodChoice {
  readonly method: CalibrationMethod;
  /** Mean log loss on the folds left out, in nats; `null` where there was nothing to compare by. */
  readonly logLoss: Readonly<Record<CalibrationMethod, number>> | null;
}

const folds = 5;

export function fitMap(method: CalibrationMethod, pairs: ScoredPairs): ProbabilityMap {
  return method === 'isotonic' ? fitIsotonic(pairs) : fitLogistic(pairs);
}

/**
 * Chooses by log loss in five-fold cross-validation over the pairs to be fitted on, so that the pairs it is measured on
 * afterwards have no part in the choice. A fold is a fifth of the clusters.
 *
 * It is isotonic unless that is worse by more than a standard error of the difference (over clusters), as it is where
 * pairs are few. Within what chance makes of it the curve without a shape of its own is the safer one: a logistic curve
 * nears 1 where scores do, even if the most alike images are of different classes that look the same, and mean losses
 * hardly show those few pairs.
 *
 * Where there is nothing to leave out (a single cluster, or a fold's rest is all of one kind) it is logistic.
 */
export function chooseMethod(
  pairs: ScoredPairs,
  { seed = 0 }: { readonly seed?: number } = {},
): MethodChoice {
  const clusters = [...new Set(pairs.clusters)].sort((a, b) => a - b);
  if (clusters.length < 2) return { method: 'logistic', logLoss: null };
  Random.of(seed, 'calibration', 'folds').shuffle(clusters);
  const foldOf = new Map(clusters.map((cluster, i) => [cluster, i % folds]));
  const sums = { isotonic: 0, logistic: 0 };
  const excessOf = new Map<number, number>();
  for (let fold = 0; fold < Math.min(folds, clusters.length); fold++) {
    const [kept, left]: [number[], number[]] = [[], []];
    pairs.clusters.forEach((cluster, i) => {
      (foldOf.get(cluster) === fold ? left : kept).push(i);
    });
    const train = selectPairs(pairs, kept);
    const positives = sameCount(train);
    if (positives === 0 || positives === kept.length) return { method: 'logistic', logLoss: null };
    const [isotonic, logistic] = calibrationMethods.map((method) =>
      logLosses(fitMap(method, train), pairs, left),
    );
    left.forEach((pair, i) => {
      const weight = pairs.weights[pair] / pairs.scores.length;
      sums.isotonic += weight * isotonic[i];
      sums.logistic += weight * logistic[i];
      const cluster = pairs.clusters[pair];
      excessOf.set(cluster, (excessOf.get(cluster) ?? 0) + weight * (isotonic[i] - logistic[i]));
    });
  }
  const excess = sums.isotonic - sums.logistic;
  const squares = [...excessOf.values()].reduce(
    (sum, value) => sum + (value - excess / clusters.length) ** 2,
    0,
  );
  return { method: excess > Math.sqrt(squares) ? 'logistic' : 'isotonic', logLoss: sums };
}
