import type { Command } from 'commander';
import type { CompareResult } from '../../app/runs/compare-runs.js';
import { addOutputOptions } from '../common-options.js';
import { runsTable } from '../runs-table.js';
import type { CommonFlags, Outcome, Perform } from '../session.js';
import { textTable } from '../text-table.js';

interface CompareFlags extends CommonFlags {
  readonly chart?: string;
}

const more = `
Examples:
  imagekin runs compare runs/shoes-fast-1 runs/shoes-fast-2
  imagekin runs compare runs/* --chart curves.png`;

export function addRunsCompareCommand(runs: Command, perform: Perform): void {
  const command = runs
    .command('compare')
    .summary('runs side by side, and how they differ')
    .description('Shows what came of runs side by side, and which of their settings differ.')
    .argument('<runs...>', 'run folders')
    .option('--chart <file>', 'also draw their curves over each other, as a PNG file');
  addOutputOptions(command)
    .addHelpText('after', more)
    .action((paths: string[], flags: CompareFlags) => perform(flags, () => compare(paths, flags)));
}

async function compare(paths: readonly string[], { chart }: CompareFlags): Promise<Outcome> {
  const { compareRuns } = await import('../../app/runs/compare-runs.js');
  const result = await compareRuns({ runs: paths, chart });
  return {
    document: result,
    text: `${runsTable(result.runs)}\n${differencesText(result)}`,
    pictures: result.chart === null ? [] : [result.chart],
  };
}

/** A line per setting, a column per run. */
function differencesText({ runs, differences }: CompareResult): string {
  if (differences.length === 0) return 'All settings are the same.\n';
  return textTable(
    [{ title: 'setting' }, ...runs.map(({ name }) => ({ title: name }))],
    differences.map(({ path, values }) => [path, ...values.map(shown)]),
  );
}

const longest = 40;

function shown(value: unknown): string {
  if (value === undefined) return '–';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}
