import { constant, l2Normalize, multiply } from '../../engine/index.js';
import { distances } from '../distances/index.js';
import type { Loss } from './loss.js';
import { crossEntropy, unitProxies } from './proxies.js';

export interface ProxyNcaOptions {
  /** Divides squared distances. Default 1/9. */
  readonly temperature?: number;
}

/**
 * Proxy-NCA++ (Teh et al. 2020): an embedding is to be nearest to the proxy of its class, by squared Euclidean distance
 * between unit vectors, with the own proxy in the denominator and a low temperature.
 *
 * L = −1/B Σᵢ log( exp(−‖xᵢ − w_yᵢ‖²/T) / Σ_c exp(−‖xᵢ − w_c‖²/T) )
 *
 * As ‖x − w‖² = 2 − 2 cos, it is the normalised softmax of half the temperature; what the paper gains beyond comes from
 * pooling by maxima and from a faster rate for proxies (`parameterRates` of a recipe). With one class it is 0, and so is
 * its gradient.
 */
export function proxyNca({ temperature = 1 / 9 }: ProxyNcaOptions = {}): Loss {
  return {
    name: 'proxy-nca',
    options: { temperature },
    build(batch) {
      const nearness = distances['squared-euclidean'].nearness(
        l2Normalize(batch.embeddings),
        unitProxies(batch),
      );
      return crossEntropy(multiply(nearness, constant(1 / temperature)), batch.labels);
    },
  };
}
