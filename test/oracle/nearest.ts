/**
 * The nearest vectors the slow and obvious way, in float64: every vector is compared, all are sorted. What indexes are held
 * against.
 */
export function naiveNearest(
  query: ArrayLike<number>,
  vectors: ReadonlyMap<number, ArrayLike<number>>,
  k: number,
  among?: ReadonlySet<number>,
): { readonly id: number; readonly score: number }[] {
  return [...vectors]
    .filter(([id]) => among?.has(id) ?? true)
    .map(([id, vector]) => {
      let score = 0;
      for (let i = 0; i < query.length; i++) score += query[i]! * vector[i]!;
      return { id, score };
    })
    .sort((a, b) => b.score - a.score || a.id - b.id)
    .slice(0, k);
}
