import { add, constant, logSoftmax, matmul, mean, multiply, negate } from '../../engine/index.js';
import type { Loss } from './loss.js';
import { atOwnClass, unitProxies } from './proxies.js';

export interface NormalizedSoftmaxOptions {
  /** Divides the cosines. Default 0.1; Zhai and Wu take 0.05. */
  readonly temperature?: number;
  /** Share ε of the target that is spread over all classes. Default 0. */
  readonly labelSmoothing?: number;
}

/**
 * Normalised softmax (Zhai and Wu 2019, "Classification is a strong baseline for deep metric learning"): every class has
 * a learned proxy of unit length, and an embedding is to find that of its class among all.
 *
 * L = −1/B Σᵢ Σ_c q_ic · log softmax_c(eᵢ·w_c / T), with q_ic = (1 − ε)·[c = yᵢ] + ε/C
 *
 * With label smoothing (Szegedy et al. 2016) it stops pulling once an image is well inside its class. With one class it is
 * 0, and so is its gradient.
 */
export function normalizedSoftmax(options: NormalizedSoftmaxOptions = {}): Loss {
  const { temperature = 0.1, labelSmoothing = 0 } = options;
  return {
    name: 'normalized-softmax',
    options: { temperature, labelSmoothing },
    build(batch) {
      const { embeddings, labels } = batch;
      const cosines = matmul(embeddings, unitProxies(batch), { transposeB: true });
      const likelihoods = logSoftmax(multiply(cosines, constant(1 / temperature)));
      const own = mean(atOwnClass(likelihoods, labels));
      if (labelSmoothing === 0) return negate(own);
      const all = mean(likelihoods);
      return negate(
        add(multiply(own, constant(1 - labelSmoothing)), multiply(all, constant(labelSmoothing))),
      );
    },
  };
}
