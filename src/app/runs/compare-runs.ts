import { writeFileAtomic } from '../../core/files.js';
import { comparedCurves } from '../../report/charts/training-curves.js';
import { renderFigure } from '../../report/figure.js';
import { requireWritableFile } from '../require-writable.js';
import { type ConfigDifference, configDifferences } from './config-differences.js';
import { figuresOfRun, type RunFigures, readRun, runsIn } from './read-run.js';
import { curvesOf } from './run-curves.js';

export interface CompareOptions {
  /** Run folders. */
  readonly runs: readonly string[];
  /** Path of a picture (PNG) of their curves. */
  readonly chart?: string;
}

export interface CompareResult {
  readonly runs: readonly RunFigures[];
  /** Settings that are not the same in all. */
  readonly differences: readonly ConfigDifference[];
  readonly chart: string | null;
}

/** What came of runs side by side, and what was different about them. */
export async function compareRuns({ runs: paths, chart }: CompareOptions): Promise<CompareResult> {
  if (chart !== undefined) await requireWritableFile(chart);
  const runs = await Promise.all(paths.map(readRun));
  if (chart !== undefined) {
    const names = distinct(paths);
    const curves = runs.map((run, i) => curvesOf(names[i]!, run));
    await writeFileAtomic(chart, renderFigure(comparedCurves(curves)));
  }
  return {
    runs: runs.map(figuresOfRun),
    differences: configDifferences(runs.map(({ config }) => config)),
    chart: chart ?? null,
  };
}

export async function listRuns(directory: string): Promise<RunFigures[]> {
  return (await runsIn(directory)).map(figuresOfRun);
}

/** The last parts of paths, as many of them as tell all apart. */
function distinct(paths: readonly string[]): string[] {
  const parts = paths.map((path) => path.split(/[\\/]+/).filter(Boolean));
  const longest = Math.max(...parts.map(({ length }) => length));
  for (let count = 1; count < longest; count++) {
    const names = parts.map((all) => all.slice(-count).join('/'));
    if (new Set(names).size === paths.length) return names;
  }
  return [...paths];
}
