import { describe, expect, it } from 'vitest';
import { Random } from '../../core/random.js';
import { communities, fixedCommunities } from './communities.js';
import { graphOf, neighbourGraph, type WeightedGraph } from './neighbour-graph.js';

/** Cliques of some sizes in a ring, joined by an edge each. */
function ringOfCliques(sizes: readonly number[]): WeightedGraph {
  const first: number[] = [];
  const second: number[] = [];
  const starts = sizes.map((_, clique) => sizes.slice(0, clique).reduce((sum, size) => sum + size, 0));
  for (const [clique, size] of sizes.entries()) {
    for (let a = 0; a < size; a++)
      for (let b = a + 1; b < size; b++) {
        first.push(starts[clique]! + a);
        second.push(starts[clique]! + b);
      }
    first.push(starts[clique]!);
    second.push(starts[(clique + 1) % sizes.length]! + 1);
  }
  const count = sizes.reduce((sum, size) => sum + size, 0);
  return graphOf(
    count,
    first,
    second,
    first.map(() => 1),
  );
}

/** Modularity by its definition, over every pair of nodes. */
function modularity({ count, starts, ends, weights }: WeightedGraph, community: Int32Array): number {
  const weight = Array.from({ length: count }, () => new Float64Array(count));
  for (let i = 0; i < count; i++)
    for (let e = starts[i]!; e < starts[i + 1]!; e++) weight[i]![ends[e]!]! += weights[e]!;
  const degrees = weight.map((row) => row.reduce((sum, one) => sum + one, 0));
  const twice = degrees.reduce((sum, one) => sum + one, 0);
  let sum = 0;
  for (let i = 0; i < count; i++)
    for (let j = 0; j < count; j++)
      if (community[i] === community[j]) sum += weight[i]![j]! - (degrees[i]! * degrees[j]!) / twice;
  return sum / twice;
}

describe('communities', () => {
  it('finds cliques that hang together by single edges, the largest first', () => {
    const found = communities(ringOfCliques([5, 8, 6]));
    expect([...found]).toEqual([...Array(5).fill(2), ...Array(8).fill(0), ...Array(6).fill(1)]);
  });

  it('comes near the best modularity of all partitions of a small graph', () => {
    for (let trial = 0; trial < 20; trial++) {
      const random = Random.of(trial, 'graph');
      const [first, second, weights]: [number[], number[], number[]] = [[], [], []];
      for (let a = 0; a < 8; a++)
        for (let b = a + 1; b < 8; b++)
          if (random.uniform() < 0.4) {
            first.push(a);
            second.push(b);
            weights.push(random.between(0.1, 1));
          }
      if (first.length === 0) continue;
      const graph = graphOf(8, first, second, weights);
      let best = Number.NEGATIVE_INFINITY;
      const assign = (node: number, community: Int32Array, used: number): void => {
        if (node === 8) best = Math.max(best, modularity(graph, community));
        else
          for (let one = 0; one <= used && one < 8; one++) {
            community[node] = one;
            assign(node + 1, community, Math.max(used, one + 1));
          }
      };
      assign(0, new Int32Array(8), 0);
      expect(modularity(graph, communities(graph, { seed: trial }))).toBeGreaterThan(best - 0.02);
    }
  });

  it('makes more of them at a higher resolution', () => {
    const graph = ringOfCliques(Array(40).fill(3));
    const count = (resolution: number) => new Set(communities(graph, { resolution })).size;
    expect(count(8)).toBe(40);
    expect(count(1)).toBeLessThan(40);
    expect(count(0.1)).toBeLessThan(count(1));
  });

  it('leaves nodes without edges by themselves', () => {
    expect([...communities(graphOf(3, [], [], []))]).toEqual([0, 1, 2]);
    expect([...communities(graphOf(0, [], [], []))]).toEqual([]);
  });

  it('comes to any number that is asked for, and joins what hangs together', () => {
    const graph = ringOfCliques([4, 4, 4, 4, 4, 4]);
    for (const k of [1, 2, 3, 6, 10, 24]) {
      const found = fixedCommunities(graph, k);
      expect(new Set(found).size).toBe(k);
      if (k <= 6)
        for (let clique = 0; clique < 6; clique++)
          expect(new Set(found.subarray(4 * clique, 4 * clique + 4)).size).toBe(1);
    }
  });
});

describe('neighbourGraph', () => {
  it('weighs an edge by the neighbours that both ends have', () => {
    // 0 and 1 are each other's neighbours and share 2; 3 is a stranger that has 0 and 1 for neighbours.
    const near = {
      width: 2,
      indices: Int32Array.of(1, 2, 0, 2, 0, 1, 0, 1),
      cosines: new Float32Array(8),
    };
    const { starts, ends, weights } = neighbourGraph(near, 4, 2);
    const of = (i: number, j: number) => {
      const found = [...ends.subarray(starts[i], starts[i + 1])].indexOf(j);
      return found === -1 ? 0 : weights[starts[i]! + found]!;
    };
    expect(of(0, 1)).toBe(1);
    expect(of(1, 0)).toBe(1);
    // {3, 0, 1} and {0, 1, 2} have two of four.
    expect(of(3, 0)).toBe(0.5);
    expect(of(0, 3)).toBe(0.5);
    expect(of(3, 2)).toBe(0);
    expect(ends).toHaveLength(10);
  });
});
