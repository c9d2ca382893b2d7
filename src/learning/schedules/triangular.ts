import { type RiseAndFallOptions, riseAndFall } from './rise-and-fall.js';
import type { Schedule } from './schedule.js';

/**
 * A straight rise to the peak, then a straight fall (after Smith 2017). The rise takes a fifth of the run unless told
 * otherwise. With a final share of 1 it is a warm-up to a constant rate.
 */
export function triangular({ peak, warmUp = 0.2, start = 0, final = 0 }: RiseAndFallOptions): Schedule {
  return riseAndFall('triangular', { peak, warmUp, start, final }, (left) => left);
}
