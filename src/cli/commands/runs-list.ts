import type { Command } from 'commander';
import { addOutputOptions } from '../common-options.js';
import { runsTable } from '../runs-table.js';
import type { CommonFlags, Outcome, Perform } from '../session.js';

const more = `
Examples:
  imagekin runs list
  imagekin runs list experiments --json | jq '.runs | max_by(.bestValue).path'`;

export function addRunsListCommand(runs: Command, perform: Perform): void {
  const command = runs
    .command('list')
    .summary('what came of each run in a folder')
    .description('Shows the runs in a folder and what came of each.')
    .argument('[dir]', 'the folder', 'runs');
  addOutputOptions(command)
    .addHelpText('after', more)
    .action((dir: string, flags: CommonFlags) => perform(flags, () => list(dir)));
}

async function list(dir: string): Promise<Outcome> {
  const { listRuns } = await import('../../app/runs/compare-runs.js');
  const runs = await listRuns(dir);
  return {
    document: { runs },
    text: runs.length === 0 ? '' : runsTable(runs),
    hints: runs.length === 0 ? [`no runs in ${dir}`] : [],
  };
}
