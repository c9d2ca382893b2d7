// @ts-check
import { TrainingStep } from '../../dist/learning/training-step.js';
import { syntheticImages } from './synthetic-images.js';

/** Batches that the steps take in turn. */
const batchCount = 8;

/**
 * Compiles a recipe's training step and gives a function that takes one: on the batch it is given, or else on the next of
 * a few batches of noise.
 *
 * @param {import('../../dist/learning/recipes/recipe.js').Recipe} recipe
 * @param {object} options
 * @param {number} options.batchSize
 * @param {number} options.classCount
 * @param {number} options.learningRate
 * @param {number} [options.threads]
 *
 * @typedef {{ input: Uint8Array | Float32Array, labels: Int32Array }} PixelBatch
 * @returns {Promise<{ parameters: number, step: (batch?: PixelBatch) => Promise<number> }>}
 */
export async function stepRunner(recipe, { batchSize, classCount, learningRate, threads }) {
  const { network } = recipe;
  const images = syntheticImages(batchCount * batchSize, network.inputSize, classCount);
  const batches = await Promise.all(
    Array.from({ length: batchCount }, async (_, batch) => {
      const indices = Int32Array.from({ length: batchSize }, (_, i) => batch * batchSize + i);
      return {
        input: await images.pixels(indices, network.inputSize),
        labels: indices.map((index) => images.labels[index]),
      };
    }),
  );
  const training = await TrainingStep.compile(recipe, { batchSize, seed: 0, classCount, threads });
  const fitted = network.fit?.({ pixels: batches[0].input, count: batchSize, ...network.inputSize });
  let state = training.initialState(fitted);
  return {
    parameters: state.parameters.length,
    async step(batch = batches[state.step % batchCount]) {
      const result = await training.run(state, batch.input, batch, learningRate);
      state = result.state;
      return result.loss;
    },
  };
}
