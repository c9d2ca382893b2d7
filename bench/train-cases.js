// @ts-check
/** What the training benchmark trains. */
import { normalizedSoftmax } from '../dist/learning/losses/index.js';
import { resnet9 } from '../dist/learning/models/index.js';
import { sgd } from '../dist/learning/optimizers/index.js';
import { recipes } from '../dist/learning/recipes/index.js';

const { 'keras-example': kerasExample, accurate } = recipes;

/** Classes of the images, which are noise: what is timed is not how well they are learned. */
export const classCount = 10;

/**
 * @typedef {object} TrainCase
 * @property {string} id
 * @property {string} title
 * @property {import('../dist/learning/recipes/recipe.js').Recipe} recipe network, loss and optimizer
 * @property {number} batchSize images of a step
 * @property {number} learningRate small enough that no loss on noise diverges
 * @property {('pytorch' | 'tfjs')[]} peers
 */

/** @type {TrainCase[]} */
export const trainCases = [
  {
    id: 'a',
    title: 'seed network',
    recipe: kerasExample,
    batchSize: 20,
    learningRate: 1e-3,
    peers: ['pytorch', 'tfjs'],
  },
  {
    id: 'b',
    title: 'seed network',
    recipe: kerasExample,
    batchSize: 256,
    learningRate: 1e-3,
    peers: ['pytorch'],
  },
  {
    id: 'c',
    title: 'ResNet-9 of 64-512 channels',
    recipe: {
      ...accurate,
      name: 'resnet9',
      network: resnet9(),
      loss: normalizedSoftmax({ temperature: 0.1, labelSmoothing: 0.1 }),
      optimizer: sgd({ momentum: 0.85 }),
    },
    batchSize: 256,
    learningRate: 0.01,
    peers: ['pytorch'],
  },
  {
    id: 'd',
    title: `recipe ${accurate.name}`,
    recipe: accurate,
    batchSize: Number(accurate.sampler.options.batchSize),
    learningRate: 0.02,
    peers: ['pytorch'],
  },
];
