import type { IndexHit } from '../index/vector-index.js';

/** A hit with those that were folded into it. */
export interface FoldedHit extends IndexHit {
  /** float32 [dimension]; there where vectors were asked for. */
  readonly vector: Float32Array | undefined;
  /** Too much like it to be shown beside it, the nearest to the query first. */
  readonly alike: IndexHit[];
}

/** What is known of hits, by their ids. */
export interface HitFacts {
  vectors(ids: readonly number[]): ReadonlyMap<number, Float32Array>;
  /** Of the bytes, hex. */
  sha256(ids: readonly number[]): ReadonlyMap<number, string | null>;
}

/**
 * What is one picture twice: images of the same bytes; images whose vectors are at least so near, as a cosine; or none.
 * Only the bytes are certain: how near two pictures of one thing are depends on the model.
 */
export type FoldRule = 'copies' | 'none' | number;

/**
 * Folds each hit into the first one before it that it is alike. The hits that are left, and their order, depend on nothing
 * that comes after them, so that they stay as they are however far the list is read; `alike` grows meanwhile.
 */
export async function* foldAlike(
  batches: AsyncIterable<IndexHit[]>,
  facts: HitFacts,
  { rule, needsVectors }: { readonly rule: FoldRule; readonly needsVectors: boolean },
): AsyncGenerator<FoldedHit[]> {
  const kept: FoldedHit[] = [];
  const byHash = new Map<string, FoldedHit>();
  for await (const batch of batches) {
    const ids = batch.map(({ id }) => id);
    const vectors = needsVectors || typeof rule === 'number' ? facts.vectors(ids) : undefined;
    const hashes = rule === 'none' ? undefined : facts.sha256(ids);
    const left: FoldedHit[] = [];
    for (const hit of batch) {
      const vector = vectors?.get(hit.id);
      const hash = hashes?.get(hit.id);
      const like =
        (hash ? byHash.get(hash) : undefined) ??
        (typeof rule === 'number' && vector
          ? kept.find((one) => one.vector && cosine(one.vector, vector) >= rule)
          : undefined);
      if (like) {
        like.alike.push(hit);
        continue;
      }
      const folded: FoldedHit = { ...hit, vector, alike: [] };
      kept.push(folded);
      left.push(folded);
      if (hash) byHash.set(hash, folded);
    }
    yield left;
  }
}

/** Of unit vectors, in float64. */
export function cosine(one: Float32Array, other: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < one.length; i++) sum += one[i]! * other[i]!;
  return sum;
}
