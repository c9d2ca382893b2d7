import { Random } from '../../core/random.js';
import { graphOf, type WeightedGraph } from './neighbour-graph.js';

export interface CommunityOptions {
  /** Above 1 more and smaller communities, below 1 fewer and larger ones. Default 1. */
  readonly resolution?: number;
  /** The order in which nodes are looked at is drawn by it. Default 0. */
  readonly seed?: number;
}

/** Runs in other orders, of which the one of the greatest modularity is kept: it ends in an optimum that need not be the best. */
const restarts = 5;

/** Passes over all nodes of a level before it is left as it is; a handful will do. */
const mostPasses = 100;

/**
 * Communities of a graph: groups with more weight among themselves than chance would put there, of which nobody says
 * beforehand how many there are. By the method of Louvain (Blondel, Guillaume, Lambiotte and Lefebvre 2008, "Fast unfolding of
 * communities in large networks"): nodes move to the community where modularity gains most, until none does; communities
 * become nodes, and so on. Modularity with a resolution γ (Reichardt and Bornholdt 2006):
 *
 *   Q = Σ_c (w_c / W − γ (d_c / 2W)²), w_c the weight within c, d_c the sum of its nodes' weights, W that of all edges.
 *
 * @returns int32 [n]: communities from 0, the largest first, of equal ones that of the lowest node
 */
export function communities(
  graph: WeightedGraph,
  { resolution = 1, seed = 0 }: CommunityOptions = {},
): Int32Array {
  let [best, most] = [new Int32Array(0), Number.NEGATIVE_INFINITY];
  for (let restart = 0; restart < restarts; restart++) {
    const found = louvain(graph, resolution, (depth) => Random.of(seed, 'communities', restart, depth));
    if (found.modularity > most) [best, most] = [found.community, found.modularity];
  }
  return largestFirst(best);
}

function louvain(graph: WeightedGraph, resolution: number, randomOf: (depth: number) => Random) {
  let community = Int32Array.from({ length: graph.count }, (_, node) => node);
  let level = graph;
  for (let depth = 0; ; depth++) {
    const found = moveNodes(level, resolution, randomOf(depth));
    if (found === undefined) return { community, modularity: modularityOfNodes(level, resolution) };
    community = community.map((node) => found.community[node]!);
    level = contracted(level, found.community, found.count);
  }
}

/** The modularity where every node is a community. */
function modularityOfNodes(graph: WeightedGraph, resolution: number): number {
  const degrees = degreesOf(graph);
  const twice = sumOf(degrees);
  if (twice === 0) return 0;
  let within = 0;
  for (let node = 0; node < graph.count; node++)
    for (let e = graph.starts[node]!; e < graph.starts[node + 1]!; e++)
      if (graph.ends[e] === node) within += 2 * graph.weights[e]!;
  return within / twice - resolution * degrees.reduce((sum, degree) => sum + (degree / twice) ** 2, 0);
}

/**
 * Exactly k communities: of so high a resolution that there are at least k, those are joined, one pair after the other, that
 * modularity (at γ = 1) gains most by, or loses least by.
 *
 * @param k from 1 to the number of nodes
 * @returns as `communities`
 */
export function fixedCommunities(graph: WeightedGraph, k: number, seed = 0): Int32Array {
  let found = communities(graph, { seed });
  for (let resolution = 2; countOf(found) < k; resolution *= 2)
    // In the end every node is one of its own.
    found =
      resolution > 2 ** 20
        ? Int32Array.from({ length: graph.count }, (_, node) => node)
        : communities(graph, { resolution, seed });
  return largestFirst(joined(graph, found, k));
}

function countOf(community: Int32Array): number {
  return community.reduce((most, one) => Math.max(most, one + 1), 0);
}

/** Sums of the weights at each node; an edge to itself has both its ends there. */
function degreesOf({ count, starts, ends, weights }: WeightedGraph): Float64Array {
  const degrees = new Float64Array(count);
  for (let node = 0; node < count; node++)
    for (let e = starts[node]!; e < starts[node + 1]!; e++)
      degrees[node]! += ends[e] === node ? 2 * weights[e]! : weights[e]!;
  return degrees;
}

function sumOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}

/** One level: `undefined` where no node moves. */
function moveNodes(
  graph: WeightedGraph,
  resolution: number,
  random: Random,
): { readonly community: Int32Array; readonly count: number } | undefined {
  const { count, starts, ends, weights } = graph;
  const degrees = degreesOf(graph);
  const twice = sumOf(degrees);
  if (twice === 0) return undefined;
  const community = Int32Array.from({ length: count }, (_, node) => node);
  const totals = degrees.slice();
  const order = random.shuffle(Int32Array.from({ length: count }, (_, node) => node));
  /** Weight from the node at hand to each community; only those in `touched` hold any. */
  const towards = new Float64Array(count);
  let moves = 0;
  for (let pass = 0; pass < mostPasses; pass++) {
    let moved = false;
    for (const node of order) {
      const own = community[node]!;
      const touched: number[] = [];
      for (let e = starts[node]!; e < starts[node + 1]!; e++) {
        if (ends[e] === node) continue;
        const other = community[ends[e]!]!;
        if (towards[other] === 0) touched.push(other);
        towards[other]! += weights[e]!;
      }
      totals[own]! -= degrees[node]!;
      const share = (resolution * degrees[node]!) / twice;
      let best = own;
      let most = towards[own]! - share * totals[own]!;
      for (const candidate of touched) {
        const gain = towards[candidate]! - share * totals[candidate]!;
        // Rounding must not have nodes go to and fro.
        if (gain <= most + 1e-12 * twice) continue;
        most = gain;
        best = candidate;
      }
      for (const one of touched) towards[one] = 0;
      totals[best]! += degrees[node]!;
      community[node] = best;
      if (best === own) continue;
      moved = true;
      moves++;
    }
    if (!moved) break;
  }
  return moves === 0 ? undefined : numbered(community);
}

/** Numbers without gaps, in the order of their first nodes. */
function numbered(community: Int32Array) {
  const numbers = new Map<number, number>();
  for (const one of community) if (!numbers.has(one)) numbers.set(one, numbers.size);
  return { community: community.map((one) => numbers.get(one)!), count: numbers.size };
}

/** The graph whose nodes are the communities of another. */
function contracted(
  { count, starts, ends, weights }: WeightedGraph,
  community: Int32Array,
  communityCount: number,
): WeightedGraph {
  const sums = new Map<number, number>();
  for (let node = 0; node < count; node++)
    for (let e = starts[node]!; e < starts[node + 1]!; e++) {
      if (ends[e]! < node) continue;
      const [a, b] = [community[node]!, community[ends[e]!]!];
      const key = Math.min(a, b) * communityCount + Math.max(a, b);
      sums.set(key, (sums.get(key) ?? 0) + weights[e]!);
    }
  const keys = [...sums.keys()];
  return graphOf(
    communityCount,
    keys.map((key) => Math.floor(key / communityCount)),
    keys.map((key) => key % communityCount),
    [...sums.values()],
  );
}

/** Joins communities until k are left. */
function joined(graph: WeightedGraph, community: Int32Array, k: number): Int32Array {
  const { community: start, count } = numbered(community);
  const level = contracted(graph, start, count);
  const degrees = degreesOf(level);
  const twice = sumOf(degrees);
  const between = Array.from({ length: count }, () => new Map<number, number>());
  for (let a = 0; a < count; a++)
    for (let e = level.starts[a]!; e < level.starts[a + 1]!; e++)
      if (level.ends[e] !== a) between[a]!.set(level.ends[e]!, level.weights[e]!);
  const alive = new Set(between.keys());
  const into = Int32Array.from({ length: count }, (_, one) => one);
  while (alive.size > k) {
    let [first, second, most] = [-1, -1, Number.NEGATIVE_INFINITY];
    const living = [...alive];
    for (const [at, a] of living.entries())
      for (const b of living.slice(at + 1)) {
        const gain = (between[a]!.get(b) ?? 0) - (twice === 0 ? 0 : (degrees[a]! * degrees[b]!) / twice);
        if (gain > most) [first, second, most] = [a, b, gain];
      }
    alive.delete(second);
    for (const [other, weight] of between[second]!) {
      between[other]!.delete(second);
      if (other === first) continue;
      const sum = (between[first]!.get(other) ?? 0) + weight;
      between[first]!.set(other, sum);
      between[other]!.set(first, sum);
    }
    degrees[first]! += degrees[second]!;
    for (const [one, target] of into.entries()) if (target === second) into[one] = first;
  }
  return start.map((one) => into[one]!);
}

function largestFirst(community: Int32Array): Int32Array {
  const { community: dense, count } = numbered(community);
  const sizes = new Int32Array(count);
  for (const one of dense) sizes[one]!++;
  const order = [...sizes.keys()].sort((a, b) => sizes[b]! - sizes[a]! || a - b);
  const rank = new Int32Array(count);
  for (const [place, one] of order.entries()) rank[one] = place;
  return dense.map((one) => rank[one]!);
}
