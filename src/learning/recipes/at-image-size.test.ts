import { describe, expect, it } from 'vitest';
import { buildEmbeddingGraph } from '../embedding-graph.js';
import { atImageSize } from './at-image-size.js';
import { recipes } from './index.js';
import { describeRecipe } from './recipe.js';

describe('atImageSize', () => {
  const ofPixels = Object.values(recipes).filter(({ network }) => !network.onBackbone);
  it.each(ofPixels)('makes $name a recipe for images of 16 to 96 pixels', (recipe) => {
    for (const pixels of [16, 32, 48, 64, 96]) {
      const { network } = atImageSize(recipe, pixels);
      const side = { width: pixels, height: pixels };
      expect(network.inputSize).toEqual(side);
      expect(network.options).toEqual({ ...recipe.network.options, inputSize: side });
      const { embeddings } = buildEmbeddingGraph(network, { training: true, batchSize: 2 });
      expect(embeddings.shape).toEqual([2, recipe.network.dimension]);
    }
  });
  it('shifts by as much of an image as before', () => {
    expect(atImageSize(recipes.accurate!, 96).augmentation?.shiftPixels).toBe(9);
    expect(recipes.accurate!.augmentation?.shiftPixels).toBe(3);
  });
  it('is the recipe itself at its own size', () => {
    expect(atImageSize(recipes.fast!, 32)).toBe(recipes.fast);
  });
  it('is written down with the size', () => {
    expect(describeRecipe(atImageSize(recipes.fast!, 64)).network).toMatchObject({
      inputSize: { width: 64, height: 64 },
    });
  });
  it('refuses another size for a network that has one only', () => {
    const { atSize: _, ...network } = recipes.fast!.network;
    const recipe = { ...recipes.fast!, network };
    expect(atImageSize(recipe, 32)).toBe(recipe);
    expect(() => atImageSize(recipe, 64)).toThrow(/image size: expected 32×32.*got 64/);
  });
});
