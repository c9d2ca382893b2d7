import { cosine, type FoldedHit } from './fold-alike.js';

/**
 * Orders hits by maximal marginal relevance (Carbonell & Goldstein 1998, "The use of MMR, diversity-based reranking"): the
 * next is the one of the greatest (1 − d) · cos(query, hit) − d · max over those before it of cos(hit, before). The first is
 * the nearest. On ties the nearer to the query comes first.
 *
 * The choice is among `pool` hits at a time, so that a page shows nothing far-fetched; when all of a pool have been given,
 * the next pool follows, each of it still held against all that went before. So the order does not depend on how far it is
 * read. It takes pool · hits · dimension steps for each pool.
 * @param diversity d, from 0 (as the hits come) to 1
 */
export async function* diversify(
  batches: AsyncIterable<FoldedHit[]>,
  { diversity, pool }: { readonly diversity: number; readonly pool: number },
): AsyncGenerator<FoldedHit[]> {
  const given: FoldedHit[] = [];
  for await (const hits of poolsOf(batches, pool)) {
    const rest = hits.map((hit) => ({
      hit,
      likeness: given.reduce((most, one) => Math.max(most, likeness(one, hit)), none),
    }));
    while (rest.length > 0) {
      let best = 0;
      let bestValue = Number.NEGATIVE_INFINITY;
      for (const [i, { hit, likeness }] of rest.entries()) {
        const value = (1 - diversity) * hit.score - (likeness === none ? 0 : diversity * likeness);
        if (value <= bestValue) continue;
        best = i;
        bestValue = value;
      }
      // With nothing before it to differ from, the nearest is the first whatever the diversity.
      const { hit } = rest.splice(given.length === 0 ? 0 : best, 1)[0]!;
      given.push(hit);
      for (const one of rest) one.likeness = Math.max(one.likeness, likeness(hit, one.hit));
      yield [hit];
    }
  }
}

/** Of a hit before which there is none. */
const none = Number.NEGATIVE_INFINITY;

function likeness(one: FoldedHit, other: FoldedHit): number {
  return one.vector && other.vector ? cosine(one.vector, other.vector) : 0;
}

async function* poolsOf(batches: AsyncIterable<FoldedHit[]>, size: number): AsyncGenerator<FoldedHit[]> {
  let waiting: FoldedHit[] = [];
  for await (const batch of batches) {
    for (const hit of batch) waiting.push(hit);
    for (; waiting.length >= size; waiting = waiting.slice(size)) yield waiting.slice(0, size);
  }
  if (waiting.length > 0) yield waiting;
}
