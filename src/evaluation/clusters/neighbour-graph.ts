import type { Neighbourhoods } from '../neighbourhoods.js';

/** An undirected graph with weights; each edge stands in the rows of both its ends. */
export interface WeightedGraph {
  readonly count: number;
  /** int32 [count + 1]: where the edges of each node begin. */
  readonly starts: Int32Array;
  /** int32 [edges]: their other ends. */
  readonly ends: Int32Array;
  /** float64 [edges] */
  readonly weights: Float64Array;
}

/**
 * The graph in which points are joined with their nearest, the edge weighted by the share of neighbours that both have, which
 * thins out the edges between groups (Jaccard's coefficient of the two neighbourhoods, each with its own point; Levine et al.
 * 2015, "Data-Driven Phenotypic Dissection of AML Reveals Progenitor-like Cells that Correlate with Prognosis").
 *
 * @param width neighbours of each point that are joined with it
 */
export function neighbourGraph(near: Neighbourhoods, count: number, width: number): WeightedGraph {
  const used = Math.min(width, near.width);
  const neighbourOf = (point: number, rank: number) => near.indices[point * near.width + rank]!;
  /** For each point the last one of which it was found to be a neighbour. */
  const seenFor = new Int32Array(count).fill(-1);
  const first: number[] = [];
  const second: number[] = [];
  const weights: number[] = [];
  const isMutual = (i: number, j: number) => {
    for (let rank = 0; rank < used; rank++) if (neighbourOf(j, rank) === i) return true;
    return false;
  };
  for (let i = 0; i < count; i++) {
    seenFor[i] = i;
    for (let rank = 0; rank < used; rank++) {
      const j = neighbourOf(i, rank);
      if (j >= 0) seenFor[j] = i;
    }
    for (let rank = 0; rank < used; rank++) {
      const j = neighbourOf(i, rank);
      // A pair of which each is a neighbour of the other is one edge.
      if (j < 0 || (j < i && isMutual(i, j))) continue;
      let shared = seenFor[j] === i ? 1 : 0;
      let others = 1;
      for (let of = 0; of < used; of++) {
        const neighbour = neighbourOf(j, of);
        if (neighbour < 0) continue;
        others++;
        if (seenFor[neighbour] === i) shared++;
      }
      first.push(i);
      second.push(j);
      weights.push(shared / (1 + used + others - shared));
    }
  }
  return graphOf(count, first, second, weights);
}

/** A graph of edges that are given once each, in the order of their ends. An edge from a node to itself stands there once. */
export function graphOf(
  count: number,
  first: readonly number[],
  second: readonly number[],
  weightOf: readonly number[],
): WeightedGraph {
  const starts = new Int32Array(count + 1);
  for (let e = 0; e < first.length; e++) {
    starts[first[e]! + 1]!++;
    if (first[e] !== second[e]) starts[second[e]! + 1]!++;
  }
  for (let node = 0; node < count; node++) starts[node + 1]! += starts[node]!;
  const next = starts.slice(0, count);
  const ends = new Int32Array(starts[count]!);
  const weights = new Float64Array(starts[count]!);
  const put = (from: number, to: number, weight: number) => {
    const at = next[from]!++;
    ends[at] = to;
    weights[at] = weight;
  };
  for (let e = 0; e < first.length; e++) {
    put(first[e]!, second[e]!, weightOf[e]!);
    if (first[e] !== second[e]) put(second[e]!, first[e]!, weightOf[e]!);
  }
  return { count, starts, ends, weights };
}
