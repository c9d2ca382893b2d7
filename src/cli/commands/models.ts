import type { Command } from 'commander';
import type { Perform } from '../session.js';
import { addModelsInfoCommand } from './models-info.js';

export function addModelsCommands(program: Command, perform: Perform): void {
  const models = program
    .command('models')
    .summary('look at model files')
    .description('Looks at model files: what made them, and whether they are whole.');
  addModelsInfoCommand(models, perform);
}
