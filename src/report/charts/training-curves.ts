import type { Figure } from '../figure.js';
import { stackedFigure } from '../stacked-figure.js';
import { lineChart } from './line-chart.js';

/** What a training run was, quantity by quantity. */
export interface Curves {
  /** Of the run. */
  readonly name: string;
  readonly quantities: readonly {
    /** `loss`, `mapAtR`, `learning rate`. */
    readonly name: string;
    readonly points: readonly (readonly [step: number, value: number])[];
  }[];
}

/** One chart per quantity below the other, with a line for each run that has it. */
export function comparedCurves(runs: readonly Curves[]): Figure {
  const names = [...new Set(runs.flatMap(({ quantities }) => quantities.map(({ name }) => name)))];
  return stackedFigure(
    names.map((quantity) => {
      const series = runs.flatMap((run, colour) => {
        const found = run.quantities.find(({ name }) => name === quantity);
        return found ? [{ name: runs.length === 1 ? quantity : run.name, points: found.points, colour }] : [];
      });
      const largest = Math.max(
        ...series.flatMap(({ points }) =>
          points.map(([, value]) => (Number.isFinite(value) ? Math.abs(value) : 0)),
        ),
      );
      return lineChart({
        title: quantity,
        xLabel: 'step',
        yLabel: '',
        series,
        decimals: decimalsFor(largest),
      });
    }),
  );
}

/** Three digits or so of the largest value. */
function decimalsFor(largest: number): number {
  return largest > 0 ? Math.min(8, Math.max(0, 3 - Math.ceil(Math.log10(largest)))) : 2;
}
