import { type RiseAndFallOptions, riseAndFall } from './rise-and-fall.js';
import type { Schedule } from './schedule.js';

/**
 * Half a wave of the cosine from the peak down (Loshchilov and Hutter 2017, without restarts): slow at first, fast in the
 * middle, slow at the end. There is no rise unless asked for.
 */
export function cosine({ peak, warmUp = 0, start = 0, final = 0 }: RiseAndFallOptions): Schedule {
  return riseAndFall('cosine', { peak, warmUp, start, final }, (left) => (1 - Math.cos(Math.PI * left)) / 2);
}
