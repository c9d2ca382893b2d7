import type { Device } from '../core/device.js';
import type { OnProgress, Skipped } from '../core/progress.js';
import type { OpenOptions } from '../data/open-options.js';
import type { ModelValidation } from '../embedding/model-file.js';
import type { Recipe } from '../learning/recipes/recipe.js';
import type { EpochRecord, StepRecord } from '../learning/training-record.js';
import type { ValidationRecord } from '../learning/validation.js';
import type { BackboneConfig } from './backbone-config.js';
import type { TrainConfig, WrittenRecipe } from './train-config.js';
import type { ValidationSettings } from './training-validation.js';

/** Either here or in `config` must stand a `source`, and one of `out`, `run` and `runsDir`. */
export interface TrainOptions {
  /** A description of the run, or the path of one (`train.json`). What stands beside it here goes before what it says. */
  readonly config?: string | TrainConfig;
  /** `cifar10`, `emoji`, or a directory with one folder per class; its training split is taken unless it names one. */
  readonly source?: string;
  /** Path of the model file. Checkpoint and log stand beside it. */
  readonly out?: string;
  /** A folder for all that the run leaves: configuration, log, curves, checkpoints, models, environment. */
  readonly run?: string;
  /** A folder in which the run gets a new folder of its own. */
  readonly runsDir?: string;
  /** A recipe, the name of one, or one written down (`readRecipe`). Default: the one that suits the source. */
  readonly recipe?: string | Recipe | WrittenRecipe;
  /** A model that stays as it is, and whose embeddings a head is trained on. The default recipe is then `head`. */
  readonly backbone?: BackboneConfig;
  /** Default 0. */
  readonly seed?: number;
  /** In the place of the recipe's own. */
  readonly epochs?: number;
  readonly batchesPerEpoch?: number;
  /** Side of the images that the network takes, in pixels, in the place of the recipe's own. */
  readonly imageSize?: number;
  /** A constant learning rate, in the place of the recipe's schedule. */
  readonly learningRate?: number;
  /** Measures the model while it is trained. Default: nothing does. */
  readonly validation?: Partial<ValidationSettings>;
  /** Go on with an unfinished run; start one where there is none. */
  readonly resume?: boolean;
  /** Start anew where a run lies. */
  readonly overwrite?: boolean;
  /** Leave out classes with a single image. */
  readonly skipLoneClasses?: boolean;
  readonly threads?: number;
  /** What runs the model. Default: `cpu`, the only one that has been tried. */
  readonly device?: Device;
  readonly open?: OpenOptions;
  readonly onProgress?: OnProgress;
  /** Called after every step. */
  readonly onStep?: (step: StepRecord) => void;
  /** Called after an epoch is safely kept. */
  readonly onEpoch?: (epoch: EpochRecord, epochs: number) => void;
  /** Called after a validation is safely kept. */
  readonly onValidation?: (validation: ValidationRecord, isBest: boolean) => void;
  readonly signal?: AbortSignal;
}

export interface TrainResult {
  /** `false` where the signal stopped the run; it can be resumed. */
  readonly finished: boolean;
  /** Whether the run to be resumed had been finished before, so that nothing was done. */
  readonly alreadyFinished: boolean;
  /** Whether it ended before its last epoch, as validation found no improvement any more. */
  readonly stoppedEarly: boolean;
  /** Path of the model file. */
  readonly model: string;
  /** SHA-256 of the model file; `null` while there is none. */
  readonly modelId: string | null;
  /** Path of the run folder; `null` where there is none. */
  readonly run: string | null;
  readonly source: string;
  readonly recipe: string;
  readonly seed: number;
  readonly images: number;
  readonly classes: number;
  /** Mean loss of the last epoch. */
  readonly loss: number | null;
  readonly lossByEpoch: readonly number[];
  /** The best and the last validation; `null` where there was none. */
  readonly validation: Omit<ModelValidation, 'settings'> | null;
  /** Time in the training loop, of all the sittings of the run. */
  readonly seconds: number;
  readonly imagesPerSecond: number;
  /** Path of the log: one line of JSON per epoch and validation. */
  readonly log: string;
  /** Path of the checkpoint, which is removed when the run is finished, unless it has a folder. */
  readonly checkpoint: string;
  readonly skipped: readonly Skipped[];
}
