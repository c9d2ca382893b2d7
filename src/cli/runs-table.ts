import type { RunFigures } from '../app/runs/read-run.js';
import { formatDuration } from './quantities.js';
import { textTable } from './text-table.js';

/** Runs for people to read, a line each. */
export function runsTable(runs: readonly RunFigures[]): string {
  const figure = (value: number | null) => value?.toFixed(4) ?? '';
  return textTable(
    [
      { title: 'run' },
      { title: 'source' },
      { title: 'recipe' },
      { title: 'seed', align: 'right' },
      { title: 'epochs', align: 'right' },
      { title: 'loss', align: 'right' },
      { title: 'metric' },
      { title: 'best', align: 'right' },
      { title: 'in epoch', align: 'right' },
      { title: 'last', align: 'right' },
      { title: 'time', align: 'right' },
      { title: '' },
    ],
    runs.map((run) => [
      run.path,
      run.source,
      run.recipe,
      String(run.seed),
      String(run.epochs),
      figure(run.loss),
      run.metric ?? '',
      figure(run.bestValue),
      run.bestEpoch === null ? '' : String(run.bestEpoch),
      figure(run.lastValue),
      formatDuration(run.seconds),
      run.finished ? '' : 'unfinished',
    ]),
  );
}
