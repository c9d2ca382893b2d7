import type { Augmentation } from '../../image/augment.js';
import type { ClassAugmentation } from '../class-augmentation.js';
import type { Loss } from '../losses/loss.js';
import type { Described, Network } from '../network.js';
import type { Optimizer } from '../optimizers/optimizer.js';
import type { ParameterRates } from '../parameter-rates.js';
import type { ProjectionOptions } from '../projection.js';
import type { SamplerPlan } from '../samplers/sampler.js';
import type { Schedule } from '../schedules/schedule.js';
import type { WeightAverageOptions } from '../weight-average.js';

/** Everything that training an embedding needs but the images and a seed. */
export interface Recipe {
  readonly name: string;
  /** What it is for, in one line. */
  readonly summary: string;
  readonly network: Network;
  readonly sampler: SamplerPlan;
  /** Applied to each image apart. */
  readonly augmentation?: Augmentation;
  /** Applied to all images of a class in a batch alike, before the other. */
  readonly classAugmentation?: ClassAugmentation;
  readonly loss: Loss;
  readonly optimizer: Optimizer;
  /** Parameters that learn faster or slower than the rest, or not at all. Default: none. */
  readonly parameterRates?: ParameterRates;
  readonly schedule: Schedule;
  /** Longest that the gradient of a step may be, over all parameters together; a longer one is shortened. Default: any. */
  readonly clipNorm?: number;
  /** Ends with the average of weights and states over the last steps, not with the last ones. Default: with the last. */
  readonly averageWeights?: WeightAverageOptions;
  /**
   * The trained network ends in a discriminant of its embeddings, fitted to images that it was trained on; not where there
   * are more than half as many classes as an embedding has numbers. Default: it ends as it was trained.
   */
  readonly projection?: ProjectionOptions;
  readonly epochs: number;
  readonly batchesPerEpoch: number;
}

/** The recipe as plain JSON: what a model file and a checkpoint say about how they were made. */
export function describeRecipe(recipe: Recipe): Readonly<Record<string, unknown>> {
  const part = ({ name, options }: Described) => ({ name, ...options });
  return {
    name: recipe.name,
    network: part(recipe.network),
    sampler: part(recipe.sampler),
    augmentation: recipe.augmentation ?? null,
    classAugmentation: recipe.classAugmentation ?? null,
    loss: part(recipe.loss),
    optimizer: part(recipe.optimizer),
    parameterRates: recipe.parameterRates ?? null,
    schedule: part(recipe.schedule),
    averageWeights: recipe.averageWeights ?? null,
    // Written only where there is one: model files from before there was any must still say the same of their recipe.
    ...(recipe.clipNorm !== undefined && { clipNorm: recipe.clipNorm }),
    ...(recipe.projection && { projection: recipe.projection }),
    epochs: recipe.epochs,
    batchesPerEpoch: recipe.batchesPerEpoch,
  };
}
