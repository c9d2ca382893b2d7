import type { Command } from 'commander';
import type { ModelDescription } from '../../app/describe-model.js';
import { calibrationLines, thresholdText } from '../calibration-text.js';
import { addOutputOptions } from '../common-options.js';
import { formatBytes, formatCount } from '../quantities.js';
import type { CommonFlags, Outcome, Perform } from '../session.js';
import { textFacts } from '../text-table.js';

const more = `
Examples:
  imagekin models info cifar10.onnx
  imagekin models info cifar10.onnx --json | jq .recipe`;

export function addModelsInfoCommand(models: Command, perform: Perform): void {
  const command = models
    .command('info')
    .summary('show what made a model file')
    .description('Shows what made a model file, and checks that it loads.')
    .argument('<model>', 'a model file, or the name of a pulled model');
  addOutputOptions(command)
    .addHelpText('after', more)
    .action((model: string, flags: CommonFlags) => perform(flags, () => info(model)));
}

async function info(model: string): Promise<Outcome> {
  const { describeModel } = await import('../../app/describe-model.js');
  const description = await describeModel(model);
  return { document: description, text: descriptionText(description) };
}

function descriptionText(description: ModelDescription): string {
  const { inputSize, data, lossByEpoch, validation, calibration } = description;
  return textFacts([
    ['model', description.model],
    ['id', description.modelId],
    ['size', formatBytes(description.bytes)],
    ['takes', `images of ${inputSize.width}×${inputSize.height}; others: ${description.resize}`],
    ['gives', `${description.dimension} numbers, unit length`],
    ...(data === null
      ? originFacts(description.recipe)
      : [
          ['recipe', `${description.recipe.name}, seed ${description.seed}`] as const,
          [
            'trained on',
            `${data.name}: ${formatCount(data.images)} images of ${formatCount(data.classes.length)} classes`,
          ] as const,
          ['loss', lossText(lossByEpoch)] as const,
        ]),
    ...(validation === null ? [] : [['validation', validationText(validation)] as const]),
    ['written by', `imagekin ${description.packageVersion}`],
    ...(calibration === null
      ? [['calibrated', 'no'] as const]
      : [
          ...calibrationLines(calibration),
          ['thresholds', calibration.thresholds.map(thresholdText).join('; ')] as const,
        ]),
  ]);
}

/** Of a model that was trained elsewhere: what it was made of, and how. */
function originFacts({ source, license, output, pooling }: ModelDescription['recipe']) {
  return [
    ['made of', `${source}, trained elsewhere (license: ${license ?? 'not known'})`],
    ['vectors', `'${output}', ${pooling}`],
  ] as const;
}

function validationText({
  source,
  metric,
  kept,
  ...at
}: NonNullable<ModelDescription['validation']>): string {
  const { value, epoch } = at[kept];
  return `${metric} ${value.toFixed(4)} on ${source} in epoch ${epoch}, ${kept === 'best' ? 'the best' : 'the last'}`;
}

function lossText(lossByEpoch: readonly number[]): string {
  const [first, last] = [lossByEpoch.at(0), lossByEpoch.at(-1)];
  if (first === undefined || last === undefined) return 'unknown';
  return `${last.toFixed(4)} in epoch ${lossByEpoch.length}, from ${first.toFixed(4)} in the first`;
}
