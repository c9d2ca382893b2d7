import type { EvaluationSummary } from '../../../api/index.js';

export interface NearestConfusionRequest {
  /** int32 [n], of `classNames`. */
  readonly labels: Int32Array;
  readonly classNames: readonly string[];
  /** int32: the images that count. */
  readonly queries: Int32Array;
  /** int32 [n]: which image is nearest to each. */
  readonly nearest: Int32Array;
}

/** Labels that a matrix shows, the largest first. */
export const mostLabels = 60;

/**
 * How many images of a label (row) have as their nearest one of a label (column): what is on the diagonal, over the sum of its
 * row, is precision@1 of that label where all labels are shown. Labels that count no image are not shown.
 */
export function nearestConfusion({
  labels,
  classNames,
  queries,
  nearest,
}: NearestConfusionRequest): EvaluationSummary['confusion'] {
  const sizes = new Int32Array(classNames.length);
  for (const query of queries) sizes[labels[query]!]!++;
  const counted = [...sizes.keys()].filter((label) => sizes[label]! > 0);
  const shown = counted
    .sort((a, b) => sizes[b]! - sizes[a]! || (classNames[a]! < classNames[b]! ? -1 : 1))
    .slice(0, mostLabels);
  const place = new Int32Array(classNames.length).fill(-1);
  for (const [at, label] of shown.entries()) place[label] = at;
  const counts = shown.map(() => new Array<number>(shown.length).fill(0));
  for (const query of queries) {
    const [row, column] = [place[labels[query]!]!, place[labels[nearest[query]!]!]!];
    if (row >= 0 && column >= 0) counts[row]![column]!++;
  }
  return {
    labels: shown.map((label) => classNames[label]!),
    counts,
    leftOut: classNames.length - shown.length,
  };
}
