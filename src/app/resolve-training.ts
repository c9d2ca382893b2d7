import { existsSync } from 'node:fs';
import type { Device } from '../core/device.js';
import { ImagekinError } from '../core/errors.js';
import { parseSourceSpec } from '../data/source.js';
import type { ModelFile } from '../embedding/model-file.js';
import { atImageSize } from '../learning/recipes/at-image-size.js';
import { recipeNamed } from '../learning/recipes/index.js';
import { describeRecipe, type Recipe } from '../learning/recipes/recipe.js';
import { constantRate } from '../learning/schedules/constant-rate.js';
import { openBackbone, type ResolvedBackbone } from './backbone-config.js';
import { filesBeside, filesInRun, type TrainingFiles } from './runs/training-files.js';
import { readTrainConfig, recipeOf, requireTrainConfig, type TrainConfig } from './train-config.js';
import type { TrainOptions } from './train-options.js';
import type { ValidationSettings } from './training-validation.js';
import { validationMetric } from './validation-metric.js';

/** All that decides a run, with every default filled in. Options and configuration end here. */
export interface ResolvedTraining {
  readonly source: string;
  readonly recipe: Recipe;
  /** The model that it stands on. Default: none, as the network takes pixels. */
  readonly backbone?: ResolvedBackbone;
  readonly seed: number;
  readonly validation?: ValidationSettings;
  readonly skipLoneClasses: boolean;
  readonly threads?: number;
  readonly device?: Device;
  /** Where it goes: files that are named, or a new folder in one. */
  readonly place: TrainingFiles | { readonly runsDir: string };
}

/** The recipe for sources that have one of their own. */
const recipeOfSource: Readonly<Record<string, string>> = { emoji: 'emoji' };
const defaultRecipe = 'keras-example';

/** @throws `wrong-usage` where something is missing, or is none of what it should be */
export async function resolveTraining(options: TrainOptions): Promise<ResolvedTraining> {
  const config = await configOf(options);
  const source = options.source ?? config.source;
  if (source === undefined) {
    throw new ImagekinError('wrong-usage', {
      where: 'train',
      expected: 'a source',
      got: 'none',
      fix: 'name one, such as cifar10 or a folder, or give "source" in the configuration',
    });
  }
  const backbone = await backboneOf(options, config);
  return {
    source,
    recipe: onBackbone(resolveRecipe(source, options, config), backbone?.model),
    ...defined('backbone', backbone),
    seed: options.seed ?? config.seed ?? 0,
    ...validationOf(options, config),
    skipLoneClasses: options.skipLoneClasses ?? config.skipLoneClasses ?? false,
    ...defined('threads', options.threads ?? config.threads),
    ...defined('device', options.device ?? config.device),
    place: placeOf(options, config),
  };
}

/** The run in full, as a configuration that gives the same run again. */
export function configOfResolved(resolved: ResolvedTraining): TrainConfig {
  const { source, recipe, backbone, seed, validation, skipLoneClasses, threads, device } = resolved;
  return {
    source,
    recipe: describeRecipe(recipe),
    ...defined('backbone', backbone?.config),
    seed,
    ...defined('validation', validation),
    ...(skipLoneClasses && { skipLoneClasses }),
    ...defined('threads', threads),
    ...defined('device', device),
  };
}

/** What is given, or what the run to go on with was started with. */
async function configOf({ config, source, run, resume }: TrainOptions): Promise<TrainConfig> {
  if (typeof config === 'string') return readTrainConfig(config);
  if (config !== undefined) return requireTrainConfig(config);
  if (!resume || source !== undefined || run === undefined) return {};
  const kept = filesInRun(run).folder.config;
  return existsSync(kept) ? readTrainConfig(kept) : {};
}

function resolveRecipe(source: string, options: TrainOptions, config: TrainConfig): Recipe {
  const { name } = parseSourceSpec(source);
  const usual = (options.backbone ?? config.backbone) ? 'head' : (recipeOfSource[name] ?? defaultRecipe);
  const asked = options.recipe ?? config.recipe ?? usual;
  const named = typeof asked === 'string' ? recipeNamed(asked) : asRecipe(asked);
  const imageSize = options.imageSize ?? config.imageSize;
  const recipe = imageSize === undefined ? named : atImageSize(named, imageSize);
  return {
    ...recipe,
    epochs: options.epochs ?? config.budget?.epochs ?? recipe.epochs,
    batchesPerEpoch: options.batchesPerEpoch ?? config.budget?.batchesPerEpoch ?? recipe.batchesPerEpoch,
    schedule: options.learningRate === undefined ? recipe.schedule : constantRate(options.learningRate),
  };
}

async function backboneOf(
  { backbone }: TrainOptions,
  config: TrainConfig,
): Promise<ResolvedTraining['backbone']> {
  const wanted = backbone ?? config.backbone;
  return wanted === undefined ? undefined : openBackbone(wanted);
}

/** The recipe with a network that takes what this backbone gives. */
function onBackbone(recipe: Recipe, backbone: ModelFile | undefined): Recipe {
  const { network } = recipe;
  if ((network.onBackbone === undefined) === (backbone === undefined))
    return backbone ? { ...recipe, network: network.onBackbone!(backbone) } : recipe;
  throw backbone
    ? new ImagekinError('wrong-usage', {
        where: `recipe ${recipe.name}`,
        expected: 'a network that takes the embeddings of a backbone',
        got: `'${network.name}', which takes pixels`,
        fix: 'take the recipe head, or one whose network is a head; or leave out the backbone',
      })
    : new ImagekinError('wrong-usage', {
        where: `recipe ${recipe.name}`,
        expected: 'a backbone for its network to stand on',
        got: 'none',
        fix: 'name a model by --backbone',
      });
}

/** A recipe has functions, where one that is written down has plain JSON. */
function asRecipe(recipe: Exclude<TrainOptions['recipe'], string | undefined>): Recipe {
  const { network } = recipe as Recipe;
  return typeof network?.build === 'function'
    ? (recipe as Recipe)
    : recipeOf(recipe as Readonly<Record<string, unknown>>, { document: 'recipe', path: [] });
}

function validationOf(
  options: TrainOptions,
  config: TrainConfig,
): { readonly validation?: ValidationSettings } {
  const given = Object.entries(options.validation ?? {}).filter(([, value]) => value !== undefined);
  const asked: Partial<ValidationSettings> = Object.fromEntries(given);
  const ofConfig: Partial<ValidationSettings> = config.validation ?? {};
  const { everyEpochs, everySteps, ...rest } = ofConfig;
  const hasCadence = asked.everyEpochs !== undefined || asked.everySteps !== undefined;
  const cadence = hasCadence
    ? {}
    : { ...defined('everyEpochs', everyEpochs), ...defined('everySteps', everySteps) };
  const { source, ...settings } = { ...rest, ...cadence, ...asked };
  if (source !== undefined) {
    if (settings.metric !== undefined) validationMetric(settings.metric);
    return { validation: { source, ...settings } };
  }
  if (given.length === 0) return {};
  throw new ImagekinError('wrong-usage', {
    where: 'validation',
    expected: 'images to validate on',
    got: `none, but ${given.map(([key]) => key).join(', ')}`,
    fix: 'name a source by --validate, such as emoji:test',
  });
}

function placeOf(options: TrainOptions, config: TrainConfig): ResolvedTraining['place'] {
  const fromOptions = (['out', 'run', 'runsDir'] as const).filter((key) => options[key] !== undefined);
  const given: Pick<TrainOptions, 'out' | 'run' | 'runsDir'> = fromOptions.length > 0 ? options : config;
  const { out, run, runsDir } = given;
  const count = [out, run, runsDir].filter((place) => place !== undefined).length;
  if (count !== 1) {
    throw new ImagekinError('wrong-usage', {
      where: 'train',
      expected: 'one place for what comes of it: --out model.onnx, --run folder or --runs-dir folder',
      got: count === 0 ? 'none' : `${count}`,
      fix: count === 0 ? 'name one' : 'name one only',
    });
  }
  if (out !== undefined) return filesBeside(out);
  if (run !== undefined) return filesInRun(run);
  if (!options.resume) return { runsDir: runsDir! };
  throw new ImagekinError('wrong-usage', {
    where: '--resume',
    expected: 'the folder of the run to go on with',
    got: 'a folder of runs',
    fix: 'name the run by --run',
  });
}

function defined<Key extends string, Value>(
  key: Key,
  value: Value | undefined,
): { readonly [K in Key]?: Value } {
  return (value === undefined ? {} : { [key]: value }) as { readonly [K in Key]?: Value };
}
