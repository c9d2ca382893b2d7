import { add, cast, constant, equal, matmul, mean, multiply, reshape, subtract } from '../../engine/index.js';
import { logSumExp } from './log-sum-exp.js';
import type { Loss } from './loss.js';

/** Far below any logit: exp of it is 0. */
const never = -1e9;

/**
 * Soft nearest neighbours, also known as neighbourhood components analysis: every image is to find, among all others of
 * the batch, any image of its class.
 *
 * L = −1/B Σᵢ log( Σ_{j≠i, yⱼ=yᵢ} exp(xᵢ·xⱼ/T) / Σ_{j≠i} exp(xᵢ·xⱼ/T) )
 *
 * Goldberger et al. 2004 on cosine similarities, with the logarithm of Frosst et al. 2019. Every class of the batch needs
 * two images or more: a lone image has no neighbour to find, and its term would be about 1e9.
 *
 * @param options.temperature divides the cosines
 */
export function softNearestNeighbour({ temperature }: { readonly temperature: number }): Loss {
  return {
    name: 'soft-nearest-neighbour',
    options: { temperature },
    build({ embeddings, labels }) {
      const count = embeddings.shape[0] as number;
      const cosines = matmul(embeddings, embeddings, { transposeB: true });
      const self = new Float32Array(count * count);
      for (let i = 0; i < count; i++) self[i * count + i] = never;
      const others = add(multiply(cosines, constant(1 / temperature)), constant(self, [count, count]));
      const sameClass = cast(equal(reshape(labels, [count, 1]), reshape(labels, [1, count])), 'float32');
      const ofOtherClass = multiply(subtract(constant(1), sameClass), constant(never));
      return mean(subtract(logSumExp(others), logSumExp(add(others, ofOtherClass))));
    },
  };
}
