/** An image that was found. */
export interface IndexHit {
  readonly id: number;
  /** Dot product with the query, float64 over the float32 values: the cosine, of unit vectors. */
  readonly score: number;
}

export interface IndexSearchOptions {
  /** Search only these, ids ascending. The result is exact then, whatever the index. */
  readonly among?: Uint32Array;
  readonly signal?: AbortSignal;
}

export const indexKinds = ['exact', 'hnsw'] as const;
export type IndexKind = (typeof indexKinds)[number];

/**
 * Finds the vectors nearest to a query. Implementations differ in speed and in whether a neighbour may be missed, never in
 * the score of one that was found, nor in the order of those that were: the higher score first, on ties the lower id.
 */
export interface VectorIndex {
  readonly kind: IndexKind;
  readonly dimension: number;
  /** Vectors in it. */
  readonly size: number;
  /**
   * Adds vectors, or puts others in the place of those with the same ids.
   * @param ids in any order, each once
   * @param vectors float32 [ids, dimension]
   */
  upsert(ids: Uint32Array, vectors: Float32Array): void;
  /** Ids that it does not have are passed over. */
  remove(ids: Uint32Array): void;
  /**
   * @param queries float32 [queries, dimension]
   * @returns for each query its k nearest, or all where there are fewer
   */
  search(queries: Float32Array, k: number, options?: IndexSearchOptions): Promise<IndexHit[][]>;
  /** Gives memory and files back. */
  close(): Promise<void>;
}
