import type { EvaluationSummary } from '../../api.js';

type LabelRow = EvaluationSummary['perLabel'][number];
export type LabelColumn = keyof LabelRow;

export interface LabelOrder {
  readonly by: LabelColumn;
  readonly descending: boolean;
}

/** Rows in the order of a column; what could not be measured stands at the end either way. */
export function orderedLabels(rows: readonly LabelRow[], { by, descending }: LabelOrder): LabelRow[] {
  const sign = descending ? -1 : 1;
  return [...rows].sort((a, b) => {
    const [left, right] = [a[by], b[by]];
    if (left === null || right === null) return Number(left === null) - Number(right === null);
    const first =
      typeof left === 'string'
        ? left.localeCompare(String(right), undefined, { numeric: true })
        : left - Number(right);
    return sign * first || a.label.localeCompare(b.label, undefined, { numeric: true });
  });
}
