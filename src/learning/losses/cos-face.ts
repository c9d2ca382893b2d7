import { constant, multiply, subtract } from '../../engine/index.js';
import type { Loss } from './loss.js';
import { crossEntropy, ownClass, proxyCosines } from './proxies.js';

export interface CosFaceOptions {
  /** m, taken off the cosine to the own class. Default 0.35. */
  readonly margin?: number;
  /** Multiplies the cosines. Default 32; the paper takes 64 for some ten thousand classes. */
  readonly scale?: number;
}

/**
 * CosFace (Wang et al. 2018): normalised softmax with a margin taken off the cosine between an embedding and the proxy of
 * its class.
 *
 * L = −1/B Σᵢ log softmax_c(s · (cos θ_ic − m·[c = yᵢ])) at c = yᵢ
 *
 * With one class it is 0, and so is its gradient.
 */
export function cosFace({ margin = 0.35, scale = 32 }: CosFaceOptions = {}): Loss {
  return {
    name: 'cos-face',
    options: { margin, scale },
    build(batch) {
      const { labels, classCount } = batch;
      const handicap = multiply(ownClass(labels, classCount), constant(margin));
      const logits = multiply(subtract(proxyCosines(batch), handicap), constant(scale));
      return crossEntropy(logits, labels);
    },
  };
}
