/** What the colours of a picture tell apart. */
export type MapColouring = 'cluster' | 'label';

export interface MapImage {
  readonly id: number;
  /** As it can be opened; of a file in an archive `photos.zip/cats/1.jpg`. */
  readonly path: string;
}

export interface MapCluster {
  /** From 1, the largest first. */
  readonly cluster: number;
  readonly images: number;
  /** The image in the middle. */
  readonly medoid: MapImage;
  /** The commonest label of its images, and the share of them that has it; `null` where none has any. */
  readonly label: string | null;
  readonly labelShare: number | null;
}

export interface MapOutlier extends MapImage {
  readonly cluster: number;
  /** Mean cosine distance to its nearest images. */
  readonly distance: number;
  /** How far above the median of all that is, in robust standard deviations. */
  readonly score: number;
}

/** What `map` found. The document of `--json`; coordinates are in files only. */
export interface MapResult {
  readonly collection: string;
  readonly model: string;
  readonly modelId: string;
  /** Images on the map. */
  readonly images: number;
  /** Of these, so many were laid out; the others were placed among them. */
  readonly laidOut: number;
  readonly clusters: readonly MapCluster[];
  /** Farthest first. */
  readonly outliers: readonly MapOutlier[];
  /** How far neighbours on the map are neighbours indeed, 0 to 1; see docs/guide/map.md. */
  readonly trustworthiness: number;
  readonly seed: number;
  readonly files: readonly string[];
  readonly seconds: number;
}

/** An image with where it is on the map. */
export interface MappedImage extends MapImage {
  /** Whether the path is that of a file, not of one in an archive. */
  readonly isFile: boolean;
  readonly label: string | null;
  readonly x: number;
  readonly y: number;
  /** From 1. */
  readonly cluster: number;
  readonly distance: number;
  readonly score: number;
}
