import { add, constant, multiply, softplus, subtract, sum, transpose } from '../../engine/index.js';
import type { Loss } from './loss.js';
import { anyOf, maskedLogSumExp } from './masked.js';
import { ownClass, proxyCosines } from './proxies.js';
import { average } from './reducer.js';

export interface ProxyAnchorOptions {
  /** δ: images are to be nearer than δ to the proxy of their class, and further than −δ from others. Default 0.1. */
  readonly margin?: number;
  /** α, sharpness. Default 32. */
  readonly alpha?: number;
}

/**
 * Proxy-Anchor (Kim et al. 2020): every proxy of a class pulls the images of its class and pushes all others, the hard ones
 * most.
 *
 * L = 1/|P₊| Σ_{p∈P₊} log(1 + Σ_{x of p} exp(−α(s_xp − δ))) + 1/|P| Σ_p log(1 + Σ_{x not of p} exp(α(s_xp + δ))),
 * P being all proxies and P₊ those of the classes in the batch.
 *
 * Proxies want a rate of their own, some ten to a hundred times that of the network: see `parameterRates` of a recipe.
 */
export function proxyAnchor({ margin = 0.1, alpha = 32 }: ProxyAnchorOptions = {}): Loss {
  return {
    name: 'proxy-anchor',
    options: { margin, alpha },
    build(batch) {
      const { labels, classCount } = batch;
      const cosines = transpose(proxyCosines(batch), [1, 0]);
      const own = transpose(ownClass(labels, classCount), [1, 0]);
      const pull = maskedLogSumExp(multiply(subtract(cosines, constant(margin)), constant(-alpha)), own);
      const push = maskedLogSumExp(
        multiply(add(cosines, constant(margin)), constant(alpha)),
        subtract(constant(1), own),
      );
      const present = anyOf(own);
      return add(
        average(multiply(softplus(pull), present), present),
        multiply(sum(softplus(push)), constant(1 / classCount)),
      );
    },
  };
}
