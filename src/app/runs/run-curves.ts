import type { StepsRecord, TrainingRecord } from '../../learning/training-record.js';
import type { ValidationRecord } from '../../learning/validation.js';
import { type Curves, comparedCurves } from '../../report/charts/training-curves.js';
import { renderFigure } from '../../report/figure.js';

/** The quantities of a run over its steps, as charts take them. */
export function curvesOf(
  name: string,
  { steps, validations }: Pick<TrainingRecord, 'steps' | 'validations'>,
): Curves {
  const ofSteps = (value: (record: StepsRecord) => number | undefined) => points(steps, value);
  const statistics = [...new Set(steps.flatMap((record) => Object.keys(record.statistics)))];
  const metrics = [...new Set(validations.map((record) => record.metric))];
  return {
    name,
    quantities: [
      { name: 'loss', points: ofSteps(({ loss }) => loss) },
      ...metrics.map((metric) => ({
        name: metric,
        points: points(validationsOf(validations, metric), ({ value }) => value),
      })),
      { name: 'learning rate', points: ofSteps(({ learningRate }) => learningRate) },
      ...statistics.map((statistic) => ({
        name: statistic,
        points: ofSteps((record) => record.statistics[statistic]),
      })),
    ],
  };
}

/** The curves of a run as a PNG file. */
export function drawCurves(record: Pick<TrainingRecord, 'steps' | 'validations'>, name: string): Uint8Array {
  return renderFigure(comparedCurves([curvesOf(name, record)]));
}

function validationsOf(validations: readonly ValidationRecord[], metric: string): ValidationRecord[] {
  return validations.filter((record) => record.metric === metric);
}

function points<Record extends { readonly step: number }>(
  records: readonly Record[],
  value: (record: Record) => number | undefined,
): (readonly [number, number])[] {
  return records.map((record) => [record.step, value(record) ?? Number.NaN]);
}
