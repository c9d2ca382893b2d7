import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Value } from '@sinclair/typebox/value';
import { describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../../test/fixtures/temporary-directory.js';
import { recipes } from '../learning/recipes/index.js';
import { describeRecipe } from '../learning/recipes/recipe.js';
import { readTrainConfig, requireTrainConfig, trainSchema } from './train-config.js';
import { trainSchemaPath, trainSchemaText } from './train-schema-file.js';

async function reading(text: string): Promise<unknown> {
  const path = join(await temporaryDirectory(), 'train.json');
  await writeFile(path, text);
  return readTrainConfig(path);
}

const whole = {
  $schema: './schema/train.schema.json',
  source: 'emoji:train',
  recipe: { base: 'emoji', loss: { name: 'soft-nearest-neighbour', temperature: 0.05 }, clipNorm: 1 },
  budget: { epochs: 3, batchesPerEpoch: 10 },
  imageSize: 48,
  seed: 7,
  validation: {
    source: 'emoji:test',
    metric: 'recallAt5',
    everySteps: 20,
    images: 500,
    patience: 3,
    minDelta: 0.001,
    keep: 'last',
  },
  skipLoneClasses: true,
  threads: 2,
  device: 'cpu',
  run: 'runs/emoji-1',
};

describe('train.json', () => {
  it('is read as it is written', async () => {
    expect(await reading(JSON.stringify(whole))).toEqual(whole);
    expect(await reading('{}')).toEqual({});
    expect(await reading('{"source": "./shoes", "recipe": "fast"}')).toEqual({
      source: './shoes',
      recipe: 'fast',
    });
  });

  it.each<[string, unknown, RegExp]>([
    [
      'an unknown key',
      { sorce: 'x' },
      /train\.json: expected keys out of \$schema, source, .*, got 'sorce'; /,
    ],
    ['a source of another type', { source: 3 }, /train\.json: source: expected a text, got 3; /],
    ['an unknown recipe', { recipe: 'fst' }, /train\.json: recipe: expected keras-example or .*got "fst"; /],
    [
      'an option of a part',
      { recipe: { base: 'fast', optimizer: { name: 'muon', momentum: 2 } } },
      /train\.json: recipe\.optimizer\.momentum: expected a number of at least 0 and below 1, got 2; /,
    ],
    [
      'a budget of nothing',
      { budget: { epochs: 0 } },
      /train\.json: budget\.epochs: expected a whole number of at least 1, got 0; /,
    ],
    [
      'validation without images',
      { validation: {} },
      /train\.json: validation\.source: expected a text, got nothing; add it$/,
    ],
    [
      'a metric that there is not',
      { validation: { source: 'emoji', metric: 'accuracy' } },
      /train\.json: validation\.metric: expected a metric: precisionAt1, .*, got 'accuracy'; /,
    ],
    [
      'two cadences',
      { validation: { source: 'emoji', everyEpochs: 1, everySteps: 1 } },
      /train\.json: validation: expected everyEpochs or everySteps, got both; /,
    ],
    [
      'a choice that there is not',
      { validation: { source: 'emoji', keep: 'first' } },
      /train\.json: validation\.keep: expected "best" or "last", got "first"; /,
    ],
    ['a list', [], /train\.json: expected an object with /],
  ])('is refused with %s, by the place in it', async (_, config, message) => {
    const thrown: Error = await reading(JSON.stringify(config)).then(
      () => expect.unreachable('it was read'),
      (error) => error,
    );
    expect(thrown).toMatchObject({ name: 'ImagekinError', code: 'wrong-usage' });
    expect(thrown.message).toMatch(message);
    expect(thrown.message).not.toContain('\n');
  });

  it('is refused where it is no JSON, and where it is not there', async () => {
    await expect(reading('{"source": }')).rejects.toThrow(/train\.json: expected JSON, got /);
    await expect(readTrainConfig('gone.json')).rejects.toMatchObject({ code: 'file-not-found' });
  });

  it('is called config where it comes from a program', () => {
    expect(() => requireTrainConfig({ seed: -1 })).toThrow(
      /^config: seed: expected a whole number of at least 0, got -1/,
    );
  });
});

describe('the schema of train.json', () => {
  it.each(Object.values(recipes))('takes the recipe $name by its name and written out', (recipe) => {
    const written: unknown = JSON.parse(JSON.stringify(describeRecipe(recipe)));
    expect([...Value.Errors(trainSchema(), { source: 'x', recipe: recipe.name })]).toEqual([]);
    expect([...Value.Errors(trainSchema(), { source: 'x', recipe: written })]).toEqual([]);
  });

  it('takes a description with everything, and refuses what reading refuses', () => {
    expect([...Value.Errors(trainSchema(), whole)]).toEqual([]);
    expect(Value.Check(trainSchema(), { recipe: { base: 'fast', loss: { name: 'other' } } })).toBe(false);
    expect(Value.Check(trainSchema(), { sorce: 'x' })).toBe(false);
  });

  it('is published as it is: npm run schema writes it anew', async () => {
    expect(await readFile(trainSchemaPath, 'utf8')).toBe(trainSchemaText());
  });
});
