import { readFile } from 'node:fs/promises';
import { type Static, Type } from '@sinclair/typebox';
import { type JsonPlace, requireJson, shownJson, wrongJson } from '../core/check-json.js';
import { devices } from '../core/device.js';
import { ImagekinError, messageOf } from '../core/errors.js';
import { recipes } from '../learning/recipes/index.js';
import type { Recipe } from '../learning/recipes/recipe.js';
import { readRecipe } from '../learning/registry/read-recipe.js';
import { recipeSchema } from '../learning/registry/recipe-schema.js';
import { registry } from '../learning/registry/registry.js';
import { type BackboneConfig, backboneSchema } from './backbone-config.js';
import { validationMetric } from './validation-metric.js';

const { Optional } = Type;
const count = (description: string) => Optional(Type.Integer({ minimum: 1, description }));
const closed = { additionalProperties: false };

const validation = Type.Object(
  {
    source: Type.String({
      minLength: 1,
      description: 'A source; its test split is taken unless it names another.',
    }),
    metric: Optional(Type.String({ description: 'mapAtR (the default), precisionAt1, recallAt5, ...' })),
    everyEpochs: count('Epochs from one validation to the next. Default 1.'),
    everySteps: count('Or steps.'),
    images: count('About how many images, the same share of each class. Default: all.'),
    patience: count('Validations without an improvement after which training stops. Default: never.'),
    minDelta: Optional(Type.Number({ minimum: 0, description: 'Least improvement that counts. Default 0.' })),
    keep: Optional(
      Type.Union([Type.Literal('best'), Type.Literal('last')], {
        description: 'Which weights the model gets. Default best.',
      }),
    ),
  },
  { ...closed, description: 'How the model is measured while it is trained.' },
);

/** All but the recipe. */
const plain = {
  $schema: Optional(Type.String({ description: 'The schema of this file, for editors.' })),
  source: Optional(
    Type.String({
      minLength: 1,
      description: 'cifar10, emoji, or a folder with one folder of images per class.',
    }),
  ),
  backbone: Optional(backboneSchema),
  budget: Optional(
    Type.Object(
      {
        epochs: count("In the place of the recipe's."),
        batchesPerEpoch: count("In the place of the recipe's."),
      },
      { ...closed, description: 'How long the run is.' },
    ),
  ),
  imageSize: Optional(
    Type.Integer({ minimum: 16, description: 'Side of the images as the network sees them, in pixels.' }),
  ),
  seed: Optional(Type.Integer({ minimum: 0, description: 'Equal seeds give equal models. Default 0.' })),
  validation: Optional(validation),
  skipLoneClasses: Optional(Type.Boolean({ description: 'Leave out classes with a single image.' })),
  threads: Optional(Type.Integer({ minimum: 1, maximum: 256, description: 'Cores to use. Default: all.' })),
  device: Optional(Type.Union(devices.map((device) => Type.Literal(device)))),
  out: Optional(
    Type.String({ minLength: 1, description: 'Where the model goes; or a run folder by "run".' }),
  ),
  run: Optional(Type.String({ minLength: 1, description: 'A folder for all that the run leaves.' })),
};

const outerSchema = Type.Object({ ...plain, recipe: Optional(Type.Unknown()) }, closed);

/** A description of a training run, as `train.json` holds it. */
export interface TrainConfig extends Omit<Static<typeof outerSchema>, 'recipe' | 'backbone'> {
  readonly backbone?: BackboneConfig;
  /** The name of a recipe that ships, or a recipe that is written down, whole or as changes to one (`base`). */
  readonly recipe?: string | WrittenRecipe;
}

/** What `describeRecipe` gives and `readRecipe` takes. */
export type WrittenRecipe = Readonly<Record<string, unknown>>;

/** The JSON schema of `train.json`, as it is published in `schema/train.schema.json`. */
export function trainSchema() {
  const name = Type.Union(
    Object.keys(recipes).map((recipe) => Type.Literal(recipe)),
    { description: 'A recipe that ships.' },
  );
  return Type.Object(
    { ...plain, recipe: Optional(Type.Union([name, recipeSchema(registry)])) },
    { ...closed, $schema: 'http://json-schema.org/draft-07/schema#', title: 'A training run of imagekin' },
  );
}

/**
 * Reads a description of a run from a file.
 * @throws `file-not-found`; `wrong-usage` that names the place in the file
 */
export async function readTrainConfig(path: string): Promise<TrainConfig> {
  const text = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new ImagekinError('file-not-found', {
      where: path,
      expected: 'a description of a training run',
      got: cause.code === 'ENOENT' ? 'nothing there' : messageOf(cause),
      fix: 'check the path',
      cause,
    });
  });
  let config: unknown;
  try {
    config = JSON.parse(text);
  } catch (cause) {
    throw wrongJson({ document: path, path: [] }, 'JSON', messageOf(cause));
  }
  return requireTrainConfig(config, path);
}

/**
 * Checks a description of a run, its recipe and metric included.
 * @param document what it is called in errors
 * @throws `wrong-usage`
 */
export function requireTrainConfig(config: unknown, document = 'config'): TrainConfig {
  requireJson(outerSchema, config, { document, path: [] });
  const checked = config as TrainConfig;
  const { validation } = checked;
  if (checked.recipe !== undefined) recipeOf(checked.recipe, { document, path: ['recipe'] });
  if (validation?.metric !== undefined) validationMetric(validation.metric, `${document}: validation.metric`);
  if (validation?.everyEpochs !== undefined && validation.everySteps !== undefined) {
    const place = { document, path: ['validation'] };
    throw wrongJson(place, 'everyEpochs or everySteps', 'both', 'leave one out');
  }
  return checked;
}

/** The recipe that is named or written down at a place. */
export function recipeOf(recipe: string | WrittenRecipe, place: JsonPlace): Recipe {
  if (typeof recipe !== 'string') return readRecipe(recipe, { place });
  if (Object.hasOwn(recipes, recipe)) return recipes[recipe]!;
  const names = Object.keys(recipes).join(' or ');
  throw wrongJson(place, `${names}, or an object`, shownJson(recipe), 'name one of these');
}
