import type { Size } from '../../image/image.js';
import type { Recipe } from '../recipes/recipe.js';

/**
 * The size at which training asks for pixels. To augment from, that of the images themselves serves best, where it is
 * larger than the input's but not over twice so.
 */
export function trainingPixelSize(
  { network, augmentation }: Pick<Recipe, 'network' | 'augmentation'>,
  nativeSize: Size | undefined,
): Size {
  const { inputSize } = network;
  if (!augmentation || !nativeSize) return inputSize;
  const [x, y] = [nativeSize.width / inputSize.width, nativeSize.height / inputSize.height];
  return x === y && x > 1 && x <= 2 ? nativeSize : inputSize;
}
