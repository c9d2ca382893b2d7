import type { Command } from 'commander';
import type { ModelList } from '../../app/list-models.js';
import { addOutputOptions } from '../common-options.js';
import { formatBytes } from '../quantities.js';
import type { CommonFlags, Outcome, Perform } from '../session.js';
import { textTable } from '../text-table.js';

const more = `
Sizes are those of the downloads, about. Licenses are those of the weights; look
at the page of a model before you build on it.

Examples:
  imagekin models list
  imagekin models pull dinov2-small`;

export function addModelsListCommand(models: Command, perform: Perform): void {
  const command = models
    .command('list')
    .summary('show models that can be pulled by name')
    .description('Shows models from elsewhere that are known by name, and which of them are here.');
  addOutputOptions(command)
    .addHelpText('after', more)
    .action((flags: CommonFlags) => perform(flags, list));
}

async function list(): Promise<Outcome> {
  const { listModels } = await import('../../app/list-models.js');
  const result = listModels();
  return {
    document: result,
    text: table(result),
    hints: result.models.some(({ model }) => model !== null)
      ? []
      : ['None is here yet: imagekin models pull <name>'],
  };
}

function table({ models }: ModelList): string {
  return textTable(
    [
      { title: 'name' },
      { title: 'model' },
      { title: 'size', align: 'right' },
      { title: 'numbers', align: 'right' },
      { title: 'images' },
      { title: 'license' },
      { title: 'here' },
    ],
    models.map(({ name, title, bytes, dimension, inputSize, license, model }) => [
      name,
      title,
      formatBytes(bytes),
      String(dimension),
      `${inputSize.width}×${inputSize.height}`,
      license,
      model === null ? '' : 'yes',
    ]),
  );
}
