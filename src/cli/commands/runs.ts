import type { Command } from 'commander';
import type { Perform } from '../session.js';
import { addRunsCompareCommand } from './runs-compare.js';
import { addRunsListCommand } from './runs-list.js';

export function addRunsCommands(program: Command, perform: Perform): void {
  const runs = program
    .command('runs')
    .summary('list and compare training runs')
    .description('Lists and compares training runs that were given a folder by "imagekin train --run".');
  addRunsListCommand(runs, perform);
  addRunsCompareCommand(runs, perform);
}
