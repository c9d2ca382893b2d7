// @ts-check
import { TrainingStep } from '../../dist/learning/training-step.js';
import { syntheticImages } from './synthetic-images.js';

/** Batches that the steps take in turn. */
const batchCount = 8;

/**
 * Compiles a recipe's training step and gives a function that takes one, or the few in a row that training takes as one: on
 * the batches it is given, or else on the next of a few batches of noise.
 *
 * @param {import('../../dist/learning/recipes/recipe.js').Recipe} recipe
 * @param {object} options
 * @param {number} options.batchSize
 * @param {number} options.classCount
 * @param {number} options.learningRate
 * @param {number} [options.threads]
 * @param {number[]} [options.pauses] as `TrainingStep` takes them. Default: as training on noise does
 *
 * @typedef {{ input: Uint8Array | Float32Array, labels: Int32Array }} PixelBatch
 * @returns {Promise<{
 *   parameters: number,
 *   stepsPerRun: number,
 *   run: (batches?: PixelBatch[]) => Promise<number>,
 * }>} `run` takes `stepsPerRun` steps and gives the loss of the last
 */
export async function stepRunner(
  recipe,
  { batchSize, classCount, learningRate, threads, pauses = [recipe.batchesPerEpoch] },
) {
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
  const training = await TrainingStep.compile(recipe, { batchSize, seed: 0, classCount, pauses, threads });
  const { stepsPerRun } = training;
  const fitted = network.fit?.({ pixels: batches[0].input, count: batchSize, ...network.inputSize });
  let state = training.initialState(fitted);
  const nextBatches = () =>
    Array.from({ length: stepsPerRun }, (_, i) => batches[(state.step + i) % batchCount]);
  return {
    parameters: state.parameters.length,
    stepsPerRun,
    async run(chosen = nextBatches()) {
      const result = await training.run(
        state,
        chosen.map((batch) => ({ ...batch, learningRate })),
      );
      state = result.state;
      return result.outcomes[stepsPerRun - 1].loss;
    },
  };
}
