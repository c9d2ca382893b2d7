import type { Command } from 'commander';
import type { Perform } from '../session.js';
import { addDataCheckCommand } from './data-check.js';
import { addDataShowCommand } from './data-show.js';
import { addDataSourcesCommand } from './data-sources.js';
import { addDataSplitCommand } from './data-split.js';

export function addDataCommands(program: Command, perform: Perform): void {
  const data = program
    .command('data')
    .summary('look at images with labels')
    .description('Looks at images with labels: what sources there are, and what is in them.');
  addDataShowCommand(data, perform);
  addDataCheckCommand(data, perform);
  addDataSourcesCommand(data, perform);
  addDataSplitCommand(data, perform);
}
