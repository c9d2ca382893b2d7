import type { ListedImage } from '../../data/listed-image.js';

/** A file that a finding is about. */
export interface FoundFile {
  /** As it can be opened from here; of an archive `photos.zip/cats/1.jpg`. */
  readonly path: string;
  readonly label: string | null;
  readonly split: ListedImage['split'] | null;
}

/** A file that is no image, or no longer a whole one. */
export interface UnusableFile {
  readonly path: string;
  readonly reason: string;
}

/** Files of the same bytes. */
export interface ExactDuplicates {
  readonly sha256: string;
  readonly files: readonly FoundFile[];
  /** Whether they lie in different classes. */
  readonly labelsDiffer: boolean;
}

/** Files that show the same picture, each as near to the first as the limits ask. Of files of the same bytes, one. */
export interface NearDuplicates {
  /** The one of most pixels is the first. */
  readonly files: readonly FoundFile[];
  /** Bits by which hashes differ from that of the first, at most: 0 to 64. */
  readonly distance: number;
  readonly labelsDiffer: boolean;
}

/** One picture in more than one split: what is tested was trained on. */
export interface Leak {
  readonly kind: 'exact' | 'near';
  /** Those of `test` first, then `val`, then `train`. */
  readonly files: readonly FoundFile[];
  /** Bits by which the hashes of two of them differ, at most; 0 of exact copies. */
  readonly distance: number;
}

export interface SmallClass {
  readonly label: string;
  /** Images that decode; copies of one count once. */
  readonly images: number;
}

/** An image whose neighbours are of another class. */
export interface SuspectedLabel {
  readonly path: string;
  readonly label: string;
  readonly split: FoundFile['split'];
  /** The class that most of its neighbours have. */
  readonly suggested: string;
  /** How many of them have that class, and how many the image's own. */
  readonly votes: number;
  readonly ownVotes: number;
  /** How many voted. */
  readonly k: number;
  /** (votes − ownVotes) / k. */
  readonly confidence: number;
  /** The voters, nearest first. */
  readonly neighbours: readonly FoundFile[];
}

/** An image that is like no other. */
export interface Outlier extends FoundFile {
  /** Mean cosine distance to its nearest images. */
  readonly distance: number;
  /** How far above the median of all that is, in robust standard deviations. */
  readonly score: number;
}

/** What a cleaned manifest leaves out. */
export interface RemovedFile {
  readonly path: string;
  readonly reason: 'corrupt' | 'empty' | 'exact-duplicate' | 'near-duplicate' | 'leak';
  /** The file that stays in its place. */
  readonly kept: string | null;
}

/** What `data check` found. The document of `--json`. */
export interface DataCheck {
  readonly source: string;
  /** Files that were looked at. */
  readonly images: number;
  /** Those that decode. */
  readonly checked: number;
  readonly classes: number;
  readonly corrupt: readonly UnusableFile[];
  readonly empty: readonly UnusableFile[];
  readonly exactDuplicates: readonly ExactDuplicates[];
  readonly nearDuplicates: readonly NearDuplicates[];
  readonly leaks: readonly Leak[];
  readonly smallClasses: readonly SmallClass[];
  /** `null` without a model, or where there are not two classes. */
  readonly suspectedLabels: readonly SuspectedLabel[] | null;
  /** `null` without a model. */
  readonly outliers: readonly Outlier[] | null;
  /** Path of the model file. */
  readonly model: string | null;
  /** What decided. */
  readonly limits: CheckLimits;
  /** Path of the page. */
  readonly report: string | null;
  /** Path of the cleaned manifest. */
  readonly manifest: string | null;
  /** What the manifest leaves out; `null` without one. */
  readonly removed: readonly RemovedFile[] | null;
  readonly seconds: number;
}

export interface CheckLimits {
  /** Classes of fewer images are small. */
  readonly minImages: number;
  /** Bits of 64 by which the hashes of near duplicates may differ. */
  readonly nearDistance: number;
  /** Neighbours that vote, and that an outlier is far from. */
  readonly k: number;
  /** The least confidence of a suspicion. */
  readonly labelConfidence: number;
  /** The least score of an outlier. */
  readonly outlierScore: number;
}

/** How many findings there are, of any kind. */
export function findingCount(check: DataCheck): number {
  const { corrupt, empty, exactDuplicates, nearDuplicates, leaks, smallClasses } = check;
  const lists = [corrupt, empty, exactDuplicates, nearDuplicates, leaks, smallClasses];
  const judged = [check.suspectedLabels ?? [], check.outliers ?? []];
  return [...lists, ...judged].reduce((sum, list) => sum + list.length, 0);
}
