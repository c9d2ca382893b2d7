import { constant, divide, maximum, multiply, sqrt, sum, type Tensor } from '../engine/index.js';

/**
 * Clips a gradient by its global norm (Pascanu et al. 2013): g ← g · c / max(‖g‖₂, c). One that is shorter than c stays as
 * it is but for rounding, a longer one keeps its direction and gets the length c. A gradient of zeros stays one; one whose
 * squares overflow (‖g‖ from about 1.8e19) becomes zero, or NaN where an element is infinite, at which training stops.
 *
 * @param gradient of all trained parameters in one vector, float32 [n]
 * @param clipNorm c, above 0
 * @returns the clipped gradient, and ‖g‖ before: float32 []
 */
export function clipByNorm(
  gradient: Tensor,
  clipNorm: number,
): { readonly clipped: Tensor; readonly norm: Tensor } {
  const norm = sqrt(sum(multiply(gradient, gradient)));
  const limit = constant(clipNorm);
  return { clipped: multiply(gradient, divide(limit, maximum(norm, limit))), norm };
}
