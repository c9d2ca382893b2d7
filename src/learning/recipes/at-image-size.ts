import { ImagekinError } from '../../core/errors.js';
import type { Recipe } from './recipe.js';

/**
 * A recipe for square images of another size. What is counted in pixels grows with them; the number of images it sees stays,
 * so that training takes longer by the number of pixels.
 *
 * @param pixels side of the images
 * @throws `wrong-usage` where the network takes images of its own size only
 */
export function atImageSize(recipe: Recipe, pixels: number): Recipe {
  const { network, augmentation } = recipe;
  const { width, height } = network.inputSize;
  if (width === pixels && height === pixels) return recipe;
  if (network.onBackbone) {
    throw new ImagekinError('wrong-usage', {
      where: 'image size',
      expected: 'none beside a backbone, which takes images of its own size',
      got: `${pixels}`,
      fix: 'leave it out',
    });
  }
  if (network.atSize === undefined) {
    throw new ImagekinError('wrong-usage', {
      where: 'image size',
      expected: `${width}×${height}, the size of the images of network '${network.name}'`,
      got: `${pixels}`,
      fix: 'leave it out, or give the network an `atSize`',
    });
  }
  const shift = augmentation?.shiftPixels;
  return {
    ...recipe,
    network: network.atSize({ width: pixels, height: pixels }),
    ...(shift && {
      augmentation: { ...augmentation, shiftPixels: Math.round((shift * pixels) / Math.max(width, height)) },
    }),
  };
}
