import { Value } from '@sinclair/typebox/value';
import { describe, expect, it } from 'vitest';
import { ownLoss } from '../../../test/fixtures/own-loss.js';
import { tinyRecipe } from '../../../test/fixtures/tiny-recipe.js';
import { ImagekinError } from '../../core/errors.js';
import * as lossFactories from '../losses/index.js';
import {
  contrastive,
  multiSimilarity,
  normalizedSoftmax,
  regularized,
  triplet,
  withMemory,
} from '../losses/index.js';
import type { Loss } from '../losses/loss.js';
import { batchHard, distanceWeighted } from '../miners/index.js';
import { resnet9, seed, testTimeFlip, testTimeShift } from '../models/index.js';
import { adamW, sgd } from '../optimizers/index.js';
import { recipes } from '../recipes/index.js';
import { describeRecipe, type Recipe } from '../recipes/recipe.js';
import { embeddingNorm, koLeo } from '../regularizers/index.js';
import { anchorPositivePairs, classBalanced, hardClasses, shuffled } from '../samplers/index.js';
import { cosine } from '../schedules/index.js';
import { TrainingStep } from '../training-step.js';
import { part, readRecipe, registry } from './index.js';
import { recipeSchema } from './recipe-schema.js';

/** As it comes from a file. */
const written = (recipe: Recipe): Record<string, unknown> =>
  JSON.parse(JSON.stringify(describeRecipe(recipe)));

async function fingerprintOf(recipe: Recipe): Promise<string> {
  const classes = {
    labels: Int32Array.from({ length: 128 }, (_, i) => i % 64),
    classNames: [...Array(64)].map(String),
  };
  const { batchSize } = recipe.sampler.prepare(classes, 0);
  const step = await TrainingStep.compile(recipe, {
    batchSize: Math.min(batchSize, 16),
    seed: 0,
    classCount: 64,
    threads: 1,
  });
  const { fingerprint } = step;
  await step.release();
  return fingerprint;
}

const withEveryOption: Recipe = {
  ...recipes['keras-example'],
  name: 'everything',
  network: resnet9({ dimension: 16, width: 4 }),
  sampler: classBalanced({ classesPerBatch: 5, imagesPerClass: 3 }),
  augmentation: {
    horizontalFlip: 0.5,
    cutout: { side: 0.2, probability: 0.5 },
    background: [1, 2, 3],
    affine: { scale: [0.9, 1.1] },
  },
  classAugmentation: { mirror: 0.2 },
  loss: normalizedSoftmax({ temperature: 0.1 }),
  optimizer: adamW({ weightDecay: 0.02 }),
  parameterRates: { 'norm.offset': 0.5 },
  schedule: cosine({ peak: 0.01, final: 0.1 }),
  clipNorm: 2,
  averageWeights: { decay: 0.9, everySteps: 3 },
  projection: { gain: 2 },
};
const onBackbone = (recipe: Recipe): Recipe => {
  const inputSize = { width: 8, height: 8 };
  const network = recipe.network.onBackbone?.({ dimension: 12, inputSize }) ?? recipe.network;
  return { ...recipe, network };
};
const all = [...Object.values(recipes), onBackbone(recipes.head), withEveryOption];

describe('readRecipe', () => {
  it.each(all)('makes of the written form of $name the same recipe', async (recipe) => {
    const read = readRecipe(written(recipe));
    expect(describeRecipe(read)).toEqual(describeRecipe(recipe));
    expect(Object.keys(read).sort()).toEqual(
      Object.keys(recipe)
        .filter((key) => recipe[key as keyof Recipe] !== undefined)
        .sort(),
    );
  });

  const complete = all.filter(({ name, network }) => name !== 'head' || network.options.backbone);
  it.each(complete)('makes of the written form of $name the same program', async (recipe) => {
    expect(await fingerprintOf(readRecipe(written(recipe)))).toBe(await fingerprintOf(recipe));
  });

  it.each(all)('has a schema that takes the written form of $name', (recipe) => {
    expect([...Value.Errors(recipeSchema(registry), written(recipe))]).toEqual([]);
  });

  /** Of the exports beside the factories of losses. */
  const others = ['compare', 'reduce', 'regularized', 'withMemory'];
  const factories = Object.entries(lossFactories).filter(([key]) => !others.includes(key));
  it.each(factories)('reads the loss that %s makes, as it is in the registry', (_, factory) => {
    const loss = (factory as (options: object) => Loss)({ temperature: 0.1 });
    expect(Object.keys(registry.losses)).toContain(loss.name);
    const read = readRecipe(written({ ...withEveryOption, loss })).loss;
    expect({ name: read.name, options: read.options }).toEqual({ name: loss.name, options: loss.options });
  });

  it.each<[string, Loss]>([
    ['miners', triplet({ miner: batchHard(), margin: 'soft' })],
    ['miners with options', contrastive({ miner: distanceWeighted({ cutOff: 0.4 }), distance: 'dot' })],
    ['a memory', withMemory(multiSimilarity(), { size: 64, startStep: 5 })],
    ['penalties', regularized(triplet(), koLeo({ weight: 0.1 }), embeddingNorm({ weight: 0.2 }))],
    ['both', regularized(withMemory(contrastive(), { size: 32 }), koLeo({ weight: 0.1 }))],
  ])('reads losses with %s, and makes the same program of them', async (_, loss) => {
    const recipe = { ...recipes['keras-example'], loss };
    const read = readRecipe(written(recipe));
    expect(read.loss.options).toEqual(loss.options);
    expect(await fingerprintOf(read)).toBe(await fingerprintOf(recipe));
    expect([...Value.Errors(recipeSchema(registry), written(recipe))]).toEqual([]);
  });

  it.each([
    anchorPositivePairs({ classesPerBatch: 3, draws: 'in-turn' }),
    classBalanced({ imagesPerClass: 4, draws: 'independent' }),
    hardClasses({ classesPerBatch: 4, imagesPerClass: 2, confusions: [['a', 'b', 3]] }),
    shuffled({ batchSize: 7 }),
  ])('reads the sampler $name', (sampler) => {
    const read = readRecipe(written({ ...withEveryOption, sampler })).sampler;
    expect({ name: read.name, options: read.options }).toEqual({
      name: sampler.name,
      options: sampler.options,
    });
  });

  it('takes views of a network in the order in which they are written', () => {
    for (const network of [
      testTimeShift(testTimeFlip(seed()), { pixels: 2 }),
      testTimeFlip(testTimeShift(seed(), { pixels: 2 })),
    ]) {
      const read = readRecipe(written({ ...withEveryOption, network })).network;
      expect(Object.keys(read.options)).toEqual(Object.keys(network.options));
    }
  });

  it('takes what is left out from the recipe that is the base, and takes away what is null', () => {
    const read = readRecipe({
      base: 'fast',
      augmentation: null,
      epochs: 3,
      optimizer: { name: 'sgd' },
      clipNorm: 1,
    });
    expect(describeRecipe(read)).toEqual({
      ...describeRecipe(recipes.fast),
      augmentation: null,
      epochs: 3,
      optimizer: { name: 'sgd', ...sgd().options },
      clipNorm: 1,
    });
    expect('augmentation' in read).toBe(false);
    expect(readRecipe({ base: 'emoji', clipNorm: null })).toEqual(recipes.emoji);
  });

  it('reads the classes of a batch as they are written where all are meant', () => {
    const { sampler } = readRecipe(written(recipes['keras-example']));
    expect(sampler.options).toEqual(anchorPositivePairs().options);
  });

  it('makes parts that are not ours, where they are in the registry', () => {
    const own = { ...registry, losses: { ...registry.losses, 'own-loss': ownLoss } };
    const described = { base: 'keras-example', loss: { name: 'own-loss', margin: 0.3 } };
    expect(readRecipe(described, { registry: own }).loss.options).toEqual({ margin: 0.3 });
    expect(() => readRecipe(described)).toThrow(
      /loss\.name: expected the name of a loss, got "own-loss"; name one of pair-softmax/,
    );
    expect(part({}, () => 1).make({} as never)).toBe(1);
  });

  const place = { document: 'train.json', path: ['recipe'] };
  it.each<[string, unknown, RegExp]>([
    ['no object', 7, /^train\.json: recipe: expected an object with base, .*, got 7; /],
    [
      'an unknown key',
      { base: 'fast', epoch: 3 },
      /^train\.json: recipe: expected keys out of base, .*, got 'epoch'; correct/,
    ],
    [
      'an unknown base',
      { base: 'fst' },
      /^train\.json: recipe\.base: expected "keras-example" or .*, got "fst"; /,
    ],
    [
      'an unknown loss',
      { base: 'fast', loss: { name: 'softmax' } },
      /^train\.json: recipe\.loss\.name: expected the name of a loss, got "softmax"; name one of pair-softmax, /,
    ],
    [
      'a loss that is no object',
      { base: 'fast', loss: 'pair-softmax' },
      /^train\.json: recipe\.loss: expected a loss as \{/,
    ],
    ['a prototype as a name', { base: 'fast', loss: { name: 'toString' } }, /recipe\.loss\.name: expected/],
    [
      'an option of another type',
      { base: 'fast', loss: { name: 'pair-softmax', temperature: 'hot' } },
      /^train\.json: recipe\.loss\.temperature: expected a number above 0, got "hot"; correct it$/,
    ],
    [
      'an option beyond its range',
      { base: 'fast', network: { name: 'seed', dimension: 0 } },
      /^train\.json: recipe\.network\.dimension: expected a whole number of at least 1, got 0; /,
    ],
    [
      'an option that is missing',
      { base: 'fast', sampler: { name: 'shuffled' } },
      /^train\.json: recipe\.sampler\.batchSize: expected .*, got nothing; add it$/,
    ],
    [
      'an option that there is not',
      { base: 'fast', loss: { name: 'pair-softmax', temperature: 1, temprature: 2 } },
      /^train\.json: recipe\.loss: expected keys out of temperature, symmetric, .*, got 'temprature'; /,
    ],
    [
      'a choice that there is not',
      { base: 'fast', augmentation: { horizontalFlip: 'always' } },
      /^train\.json: recipe\.augmentation\.horizontalFlip: expected a number from 0 to 1 or "alternating", got "always"; /,
    ],
    [
      'a list element of another type',
      { base: 'fast', network: { ...(written(recipes.fast).network as object), widths: [48, 'wide'] } },
      /^train\.json: recipe\.network\.widths\.1: expected a whole number of at least 1, got "wide"; /,
    ],
    [
      'a part that is missing',
      { name: 'mine', epochs: 1 },
      /^train\.json: recipe\.network: expected one, or a "base"/,
    ],
  ])('names the place of %s', (_, value, message) => {
    expect(() => readRecipe(value, { place })).toThrow(ImagekinError);
    expect(() => readRecipe(value, { place })).toThrow(message);
  });

  it('says of a network it does not know what it knows', () => {
    expect(() => readRecipe(written(tinyRecipe()))).toThrow(
      /recipe: network\.name: expected the name of a network, got "tiny"; name one of seed, conv-net/,
    );
  });
});
