import { poolAdjacentViolators, pooled } from './pool-adjacent-violators.js';
import type { IsotonicMap } from './probability-map.js';
import { baseRate, type ScoredPairs } from './scored-pairs.js';

/**
 * Calibrates by isotonic regression of `same` on the score (Zadrozny and Elkan, "Transforming Classifier Scores into
 * Accurate Multiclass Probability Estimates", KDD 2002). It follows any rising curve, and wants some thousand pairs.
 *
 * Where it deviates: a block of weight w and mean m is drawn towards the base rate π as by one more pair,
 * (w·m + π) / (w + 1), and violators are pooled once more. Without that the outermost blocks, which may be a single
 * pair, promise probabilities of exactly 0 and 1. Between the blocks the map is a straight line.
 *
 * Equal scores give one knot at the base rate.
 *
 * @param pairs at least one
 */
export function fitIsotonic(pairs: ScoredPairs): IsotonicMap {
  const prior = baseRate(pairs);
  const shrunk = poolAdjacentViolators(pairs.scores, pairs.same, pairs.weights).map((block) => ({
    ...block,
    mean: (block.weight * block.mean + prior) / (block.weight + 1),
    weight: block.weight + 1,
  }));
  const knots = pooled(shrunk).flatMap(({ low, high, mean }): [number, number][] =>
    [low, high].slice(low === high ? 1 : 0).map((score) => [score, mean]),
  );
  return { method: 'isotonic', knots };
}
