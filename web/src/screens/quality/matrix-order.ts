/** Ways to order the labels of a confusion matrix. */
export const matrixOrders = ['alike', 'name', 'mistakes', 'images'] as const;
export type MatrixOrder = (typeof matrixOrders)[number];

/** Confusions, by label of the image and then of the one nearest to it. */
export interface Matrix {
  readonly labels: readonly string[];
  readonly counts: readonly (readonly number[])[];
}

/** Indexes of the labels, in their order. */
export function matrixOrder(matrix: Matrix, order: MatrixOrder): number[] {
  const indexes = matrix.labels.map((_, index) => index);
  const total = (index: number) => sum(matrix.counts[index]!);
  const byName = (a: number, b: number) =>
    matrix.labels[a]!.localeCompare(matrix.labels[b]!, undefined, { numeric: true });
  switch (order) {
    case 'name':
      return indexes.sort(byName);
    case 'images':
      return indexes.sort((a, b) => total(b) - total(a) || byName(a, b));
    case 'mistakes': {
      const missed = (index: number) =>
        total(index) === 0 ? 0 : 1 - matrix.counts[index]![index]! / total(index);
      return indexes.sort((a, b) => missed(b) - missed(a) || byName(a, b));
    }
    case 'alike':
      return alikeTogether(matrix);
  }
}

/**
 * Joins, again and again, the two groups of labels that are taken for each other most, as shares of their images (average
 * linkage). Of the four ways to put two groups side by side, the one is taken whose ends are taken for each other most.
 */
function alikeTogether({ labels, counts }: Matrix): number[] {
  const totals = counts.map(sum);
  const share = (a: number, b: number) => (totals[a] === 0 ? 0 : counts[a]![b]! / totals[a]!);
  const nearness = labels.map((_, a) => labels.map((_, b) => share(a, b) + share(b, a)));
  const between = (a: readonly number[], b: readonly number[]) => {
    let total = 0;
    for (const i of a) for (const j of b) total += nearness[i]![j]!;
    return total / (a.length * b.length);
  };
  let groups = labels.map((_, index) => [index]);
  while (groups.length > 1) {
    let [best, at, other] = [-1, 0, 1];
    for (let i = 0; i < groups.length; i++) {
      for (let j = i + 1; j < groups.length; j++) {
        const near = between(groups[i]!, groups[j]!);
        if (near > best) [best, at, other] = [near, i, j];
      }
    }
    // Labels that nothing is mistaken for stay in the order they came in, behind those that are.
    if (best === 0) break;
    const joined = sideBySide(groups[at]!, groups[other]!, nearness);
    groups = groups
      .map((group, index) => (index === at ? joined : group))
      .filter((_, index) => index !== other);
  }
  const size = (group: readonly number[]) => group.length;
  return groups.sort((a, b) => size(b) - size(a)).flat();
}

function sideBySide(a: number[], b: number[], nearness: readonly number[][]): number[] {
  const ways = [
    [a, b],
    [a, b.toReversed()],
    [a.toReversed(), b],
    [a.toReversed(), b.toReversed()],
  ] as const;
  const seam = ([left, right]: (typeof ways)[number]) => nearness[left.at(-1)!]![right[0]!]!;
  return ways.reduce((best, way) => (seam(way) > seam(best) ? way : best)).flat();
}

export function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** The pairs of labels that are taken for each other most. */
export function worstConfusions(
  { labels, counts }: Matrix,
  most: number,
): { of: string; as: string; images: number; share: number }[] {
  return counts
    .flatMap((row, of) => {
      const total = sum(row);
      return row.map((images, as) => ({
        of: labels[of]!,
        as: labels[as]!,
        images: of === as ? 0 : images,
        share: total === 0 ? 0 : images / total,
      }));
    })
    .filter(({ images }) => images > 0)
    .sort((a, b) => b.images - a.images || b.share - a.share)
    .slice(0, most);
}
