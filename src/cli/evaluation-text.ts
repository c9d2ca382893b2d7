import type { Comparison, EvaluateResult } from '../app/measure-model.js';
import { formatCount, formatDuration, formatRate } from './quantities.js';
import { type Column, textFacts, textTable } from './text-table.js';

type MetricRows = typeof import('../app/metric-rows.js');

/** An evaluation for people: what was measured, and a table of figures. */
export async function evaluationText(result: EvaluateResult): Promise<string> {
  const rows = await import('../app/metric-rows.js');
  const { evaluation, comparison } = result;
  const leftOut =
    evaluation.leftOut === 0
      ? ''
      : `, ${formatCount(evaluation.leftOut)} left out: no other image of their class`;
  const facts = textFacts([
    ['model', `${result.model} (${result.modelId.slice(0, 12)})`],
    ...(comparison ? [['against', `${comparison.model} (${comparison.modelId.slice(0, 12)})`] as const] : []),
    ['tested on', `${result.source}: ${formatCount(result.images)} images`],
    ...(result.gallery === null
      ? []
      : [['searched in', `${result.gallery}: ${formatCount(evaluation.searched)} images`] as const]),
    ['queries', `${formatCount(evaluation.queries)}${leftOut}`],
    ['time', `${formatDuration(result.seconds)}, ${formatRate(result.imagesPerSecond, 'images')} embedded`],
    ...(result.report === null ? [] : [['report', result.report] as const]),
  ]);
  const table = comparison ? comparisonTable(result, comparison, rows) : figuresTable(result, rows);
  const notes = notesOf(result);
  return `${facts}\n${table}${notes === '' ? '' : `\n${notes}`}`;
}

const right = (title: string): Column => ({ title, align: 'right' });

function figuresTable({ evaluation, baseline }: EvaluateResult, { metricRows, clusterRows }: MetricRows) {
  const { intervals, macro } = evaluation;
  const floors: Readonly<Record<string, number>> = baseline
    ? { 'precision@1': baseline.precisionAt1, 'R-precision': baseline.rPrecision }
    : {};
  const cells = (
    { name, formula }: { readonly name: string; readonly formula: string },
    value: number,
    spread = '',
    byClass = '',
  ) => [
    name,
    value.toFixed(4),
    ...(intervals ? [spread] : []),
    byClass,
    ...(baseline ? [floors[name]?.toFixed(4) ?? ''] : []),
    formula,
  ];
  return textTable(
    [
      { title: 'metric' },
      right('value'),
      ...(intervals ? [right('±')] : []),
      right('by class'),
      ...(baseline ? [right('raw pixels')] : []),
      { title: 'formula' },
    ],
    [
      ...metricRows(evaluation).map((row) =>
        cells(row, row.of(evaluation)!, halfWidth(intervals && row.of(intervals)), fixed(row.of(macro))),
      ),
      ...clusterRows(evaluation).map((row) => cells(row, row.value)),
    ],
  );
}

function comparisonTable(
  { evaluation }: EvaluateResult,
  { evaluation: second, differences }: Comparison,
  { metricRows, clusterRows }: MetricRows,
) {
  const difference = (of: number) => `${of < 0 ? '−' : '+'}${Math.abs(of).toFixed(4)}`;
  const clustersOfSecond = clusterRows(second);
  return textTable(
    [
      { title: 'metric' },
      right('model'),
      right('against'),
      right('difference'),
      ...(differences ? [right('95 % interval'), right('p')] : []),
    ],
    [
      ...metricRows(evaluation).map((row) => {
        const [a, b] = [row.of(evaluation)!, row.of(second)!];
        const found = differences && row.of(differences);
        return [
          row.name,
          a.toFixed(4),
          b.toFixed(4),
          difference(b - a),
          ...(found ? [`${difference(found.low)} to ${difference(found.high)}`, found.p.toFixed(3)] : []),
        ];
      }),
      ...clusterRows(evaluation).map(({ name, value }, i) => {
        const other = clustersOfSecond[i]!.value;
        const row = [name, value.toFixed(4), other.toFixed(4), difference(other - value)];
        return differences ? [...row, '', ''] : row;
      }),
    ],
  );
}

function notesOf({ evaluation, comparison }: EvaluateResult): string {
  const { intervals } = evaluation;
  if (intervals === null) return '';
  const resamples = `${formatCount(intervals.resamples)} resamples of the queries`;
  return comparison
    ? `difference: against minus model, query by query; interval and two-sided p from ${resamples}\n`
    : `±: half of the 95 % interval, from ${resamples}; by class: the mean over classes\n`;
}

function halfWidth(interval: { readonly low: number; readonly high: number } | null): string {
  return interval === null ? '' : ((interval.high - interval.low) / 2).toFixed(4);
}

function fixed(value: number | null): string {
  return value === null ? '' : value.toFixed(4);
}
