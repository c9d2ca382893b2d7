import { describe, expect, it } from 'vitest';
import { tinyRecipe } from '../../../test/fixtures/tiny-recipe.js';
import { recipeNamed, recipes } from './index.js';
import { describeRecipe } from './recipe.js';

describe('recipeNamed', () => {
  it.each(Object.entries(recipes))('gives the recipe %s by the name it has itself', (name, recipe) => {
    expect(recipeNamed(name)).toBe(recipe);
    expect(recipe.name).toBe(name);
    expect(recipe.summary).not.toBe('');
  });

  it.each(['resnet', '', 'toString', '__proto__'])('refuses %j and lists the recipes there are', (name) => {
    expect(() => recipeNamed(name)).toThrow(
      expect.objectContaining({
        code: 'wrong-usage',
        message: expect.stringContaining('keras-example or fast or accurate or emoji or head'),
      }),
    );
  });
});

describe('describeRecipe', () => {
  it.each(Object.values(recipes))('writes down all of $name as plain JSON', (recipe) => {
    const described = describeRecipe(recipe);
    expect(JSON.parse(JSON.stringify(described))).toEqual(described);
  });

  it('writes down the recipe of the Keras example to the letter', () => {
    expect(describeRecipe(recipes['keras-example'])).toEqual({
      name: 'keras-example',
      network: { name: 'seed', inputSize: { width: 32, height: 32 }, dimension: 8 },
      sampler: { name: 'anchor-positive-pairs', classesPerBatch: 'all', draws: 'independent' },
      augmentation: null,
      classAugmentation: null,
      loss: { name: 'pair-softmax', temperature: 0.2, symmetric: false },
      optimizer: { name: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-7, weightDecay: 0 },
      parameterRates: null,
      schedule: { name: 'constant', learningRate: 1e-3 },
      averageWeights: null,
      epochs: 20,
      batchesPerEpoch: 1000,
    });
  });

  it('tells recipes apart by any option of any part', () => {
    const described = (changes: Parameters<typeof tinyRecipe>[0]) =>
      JSON.stringify(describeRecipe(tinyRecipe(changes)));
    const base = described({});
    expect(described({})).toBe(base);
    expect(described({ epochs: 5 })).not.toBe(base);
    expect(described({ augmentation: { horizontalFlip: 0.4 } })).not.toBe(base);
    expect(described({ classAugmentation: { mirror: 0.4 } })).not.toBe(base);
    expect(described({ loss: recipes.emoji.loss })).not.toBe(base);
    expect(described({ parameterRates: { bias: 2 } })).not.toBe(base);
    expect(described({ averageWeights: { decay: 0.9 } })).not.toBe(base);
    expect(described({ projection: { gain: 2 } })).not.toBe(base);
  });
});
