import type { NeighbourBlock } from '../engine/nearest-neighbours.js';

/** An image whose neighbours have another label. Shares are of their votes. */
export interface SuspectedImage {
  readonly image: number;
  /** Class with the most votes. */
  readonly suggested: number;
  readonly share: number;
  /** That is for its own class. */
  readonly ownShare: number;
}

export interface SuspectedLabelsOptions {
  /** int32 [n], class indices. */
  readonly labels: Int32Array;
  readonly classCount: number;
  /** int32 [n]: equal numbers are the same bytes. Left out: no two are. */
  readonly contents?: Int32Array;
  /** How many are wanted. Default 500. */
  readonly most?: number;
}

/** Of the nearest, so many vote: the k of Zhu et al. */
const voters = 10;
/** Neighbours beyond these to be looked at, in the place of copies. */
const spare = 10;
/** Fewer say nothing. */
const leastVoters = 3;
const leastShare = 0.6;
const mostOwnShare = 0.2;

/**
 * Finds labels that are probably wrong, by the vote of the nearest others: Wilson (1972), "Asymptotic Properties of Nearest
 * Neighbor Rules Using Edited Data"; Zhu, Dong and Liu (2022), "Detecting Corrupted Labels Without Training a Model to Predict",
 * whose k = 10 this is.
 *
 * A neighbour's vote weighs max(0, cosine), so that those that are near only by want of nearer ones say less. With s_c the share
 * of all weights that is of class c, y the class of the image and ŷ ≠ y the class with the most: it is suspected where s_ŷ ≥ 0.6
 * and s_y ≤ 0.2, and the more, the larger s_ŷ − s_y is.
 *
 * Differing from the paper: of images with the same bytes one votes, and none that has those of the image itself, as copies only
 * say again what one has said. An image of a class of m has m − 1 voters at most, since its own class could not win otherwise,
 * and where these are fewer than three it is not judged.
 */
export class SuspectedLabels {
  /** Neighbours that blocks must have of each image. */
  static readonly neighbours = voters + spare;

  readonly #sizes: Int32Array;
  readonly #most: number;
  #found: SuspectedImage[] = [];

  constructor(private readonly options: SuspectedLabelsOptions) {
    this.#most = options.most ?? 500;
    this.#sizes = new Int32Array(options.classCount);
    for (const label of options.labels) this.#sizes[label]!++;
  }

  /** Takes blocks of leave-one-out neighbours, in any order. */
  add({ firstQuery, queryCount, k, indices, scores }: NeighbourBlock): void {
    for (let row = 0; row < queryCount; row++) {
      const near = indices.subarray(row * k, (row + 1) * k);
      const suspected = this.#judged(firstQuery + row, near, scores.subarray(row * k, (row + 1) * k));
      if (suspected) this.#found.push(suspected);
    }
    if (this.#found.length > 4 * this.#most) this.#found = this.ranked();
  }

  /** The surest first, those of equal margin by their number. */
  ranked(): SuspectedImage[] {
    const margin = ({ share, ownShare }: SuspectedImage) => share - ownShare;
    return this.#found
      .sort((a, b) => margin(b) - margin(a) || b.share - a.share || a.image - b.image)
      .slice(0, this.#most);
  }

  #judged(image: number, near: Int32Array, cosines: Float32Array): SuspectedImage | undefined {
    const { labels, contents } = this.options;
    const own = labels[image]!;
    const most = Math.min(voters, this.#sizes[own]! - 1);
    if (most < leastVoters) return undefined;
    const met = contents && [contents[image]!];
    const votes = new Map<number, number>();
    let [count, weights] = [0, 0];
    for (let rank = 0; rank < near.length && count < most; rank++) {
      const neighbour = near[rank]!;
      if (neighbour < 0) break;
      if (met) {
        const content = contents[neighbour]!;
        if (met.includes(content)) continue;
        met.push(content);
      }
      const weight = Math.max(0, cosines[rank]!);
      votes.set(labels[neighbour]!, (votes.get(labels[neighbour]!) ?? 0) + weight);
      weights += weight;
      count++;
    }
    if (count < leastVoters || weights === 0) return undefined;
    // In the order of their first, nearest voter, who decides where votes are equal.
    const [suggested, won] = [...votes].reduce((best, vote) => (vote[1] > best[1] ? vote : best));
    const [share, ownShare] = [won / weights, (votes.get(own) ?? 0) / weights];
    if (suggested === own || share < leastShare || ownShare > mostOwnShare) return undefined;
    return { image, suggested, share, ownShare };
  }
}
