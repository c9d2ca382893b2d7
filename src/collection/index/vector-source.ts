/** Some vectors, each with the id of its image. */
export interface VectorRows {
  /** Ids of images, ascending. */
  readonly ids: Uint32Array;
  /** float32 [ids, dimension], unit length, in the order of the ids. */
  readonly vectors: Float32Array;
}

/** What has become of vectors since a moment. */
export interface VectorChanges {
  /** The number of the last change that is in it. */
  readonly change: number;
  /** New or other than they were. */
  readonly upserted: VectorRows;
  /** Ids, ascending; an index need not have known them. */
  readonly removed: Uint32Array;
}

/**
 * Where an index has its vectors from: the catalog. Every transaction that writes is numbered, so that a reader can ask for
 * what came after the one that it knows. What a reader sees within one call is of one moment, whoever writes meanwhile.
 */
export interface VectorSource {
  /** The model that made the vectors: an index of another one's is of no use. */
  readonly modelId: string;
  readonly dimension: number;
  /** Vectors there are now. */
  count(): number;
  /** The number of the last change. Cheap enough to be asked before every search. */
  change(): number;
  /** All vectors, ids ascending, as of one moment. `change` is the number of the last change that is in them. */
  all(): { readonly change: number; readonly blocks: Iterable<VectorRows> };
  changesSince(change: number): VectorChanges;
  /** Those of some images, ids ascending; images without a vector are left out. */
  of(ids: Uint32Array): VectorRows;
}
