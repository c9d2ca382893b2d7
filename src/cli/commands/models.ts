import type { Command } from 'commander';
import type { Perform } from '../session.js';
import { addModelsInfoCommand } from './models-info.js';
import { addModelsListCommand } from './models-list.js';
import { addModelsPullCommand } from './models-pull.js';
import { addModelsWrapCommand } from './models-wrap.js';

export function addModelsCommands(program: Command, perform: Perform): void {
  const models = program
    .command('models')
    .summary('look at model files; get models from elsewhere')
    .description('Looks at model files, downloads models from elsewhere, and makes model files of them.');
  addModelsInfoCommand(models, perform);
  addModelsListCommand(models, perform);
  addModelsPullCommand(models, perform);
  addModelsWrapCommand(models, perform);
}
