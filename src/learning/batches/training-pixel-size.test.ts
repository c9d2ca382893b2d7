import { describe, expect, it } from 'vitest';
import { tinyRecipe } from '../../../test/fixtures/tiny-recipe.js';
import { trainingPixelSize } from './training-pixel-size.js';

describe('trainingPixelSize', () => {
  const plain = tinyRecipe({ augmentation: undefined });
  const size = (width: number, height = width) => ({ width, height });

  it('is the size of the input without augmentation, or where images differ in size', () => {
    expect(trainingPixelSize(plain, size(16))).toEqual(size(8));
    expect(trainingPixelSize(tinyRecipe(), undefined)).toEqual(size(8));
  });

  it.each([
    ['as large as the input', size(8), size(8)],
    ['somewhat larger', size(12), size(12)],
    ['twice as large', size(16), size(16)],
    ['more than twice as large', size(17), size(8)],
    ['smaller', size(4), size(8)],
    ['of another shape', size(16, 12), size(8)],
  ])('is, to augment from, for images %s: %j → %j', (_, nativeSize, expected) => {
    expect(trainingPixelSize(tinyRecipe(), nativeSize)).toEqual(expected);
  });
});
