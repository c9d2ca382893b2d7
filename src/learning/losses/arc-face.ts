import {
  add,
  cast,
  constant,
  greater,
  maximum,
  multiply,
  sqrt,
  subtract,
  type Tensor,
} from '../../engine/index.js';
import type { Loss } from './loss.js';
import { atOwnClass, crossEntropy, ownClass, proxyCosines } from './proxies.js';

export interface ArcFaceOptions {
  /** m, added to the angle to the own class, in radians. Default 0.5. */
  readonly margin?: number;
  /** Multiplies the cosines. Default 32; the paper takes 64 for some ten thousand classes. */
  readonly scale?: number;
}

/** Smallest sin²θ that is differentiated: nearer to 0 or π the angle's slope in the cosine grows without bound. */
const smallestSquaredSine = 1e-6;

/**
 * ArcFace (Deng et al. 2019): normalised softmax with a margin added to the angle between an embedding and the proxy of
 * its class.
 *
 * L = −1/B Σᵢ log softmax_c(s · φ_ic) at c = yᵢ, with φ = cos θ for other classes, cos(θ + m) for the own one, and beyond
 * θ = π − m, where that would rise again, cos θ − m·sin m.
 *
 * With one class it is 0, and so is its gradient.
 */
export function arcFace({ margin = 0.5, scale = 32 }: ArcFaceOptions = {}): Loss {
  return {
    name: 'arc-face',
    options: { margin, scale },
    build(batch) {
      const { labels, classCount } = batch;
      const cosines = proxyCosines(batch);
      const own = atOwnClass(cosines, labels);
      const harder = subtract(withMargin(own, margin), own);
      const logits = add(cosines, multiply(ownClass(labels, classCount), harder));
      return crossEntropy(multiply(logits, constant(scale)), labels);
    },
  };
}

/** cos(θ + m) of a cosine, and cos θ − m·sin m beyond θ = π − m. */
function withMargin(cosine: Tensor, margin: number): Tensor {
  const squaredSine = subtract(constant(1), multiply(cosine, cosine));
  const sine = sqrt(maximum(squaredSine, constant(smallestSquaredSine)));
  const turned = subtract(
    multiply(cosine, constant(Math.cos(margin))),
    multiply(sine, constant(Math.sin(margin))),
  );
  const lowered = subtract(cosine, constant(margin * Math.sin(margin)));
  const within = cast(greater(cosine, constant(Math.cos(Math.PI - margin))), 'float32');
  return add(multiply(turned, within), multiply(lowered, subtract(constant(1), within)));
}
