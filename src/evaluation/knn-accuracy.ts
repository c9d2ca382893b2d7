import type { NeighbourBlock } from '../engine/nearest-neighbours.js';

export interface KnnAccuracyOptions {
  /** int32 [q]: class index of each query. */
  readonly queryLabels: Int32Array;
  /** int32 [g]: class index of each item of the training split, in the same numbering. */
  readonly trainLabels: Int32Array;
  readonly classCount: number;
  /** Voters per query; the whole training split where it is smaller. */
  readonly k?: number;
}

/**
 * Accuracy of the k-nearest-neighbour classifier: the share of queries whose class wins the majority vote of their k
 * nearest items of the training split, every neighbour having one vote whatever its score.
 *
 * Of classes with equally many votes, the one that holds the nearest of its voters wins. Unlike the retrieval metrics
 * this needs a class to have training items, so a query of a class never trained on counts as wrong.
 */
export class KnnAccuracy {
  /** The k the neighbour search must be run with. */
  readonly neighboursNeeded: number;
  /** uint8 [q], by query: 1 where the vote was right. */
  readonly correct: Uint8Array;
  private readonly votes: Int32Array;
  private right = 0;
  private queries = 0;

  constructor(private readonly options: KnnAccuracyOptions) {
    this.neighboursNeeded = Math.min(options.k ?? 200, options.trainLabels.length);
    this.correct = new Uint8Array(options.queryLabels.length);
    this.votes = new Int32Array(options.classCount);
  }

  add({ firstQuery, queryCount, k, indices }: NeighbourBlock): void {
    for (let row = 0; row < queryCount; row++) {
      const voters = indices.subarray(row * k, row * k + Math.min(k, this.neighboursNeeded));
      if (this.elect(voters) === this.options.queryLabels[firstQuery + row]) {
        this.correct[firstQuery + row] = 1;
        this.right++;
      }
      this.queries++;
    }
  }

  /** The class most voters have; walking them from the nearest makes the earliest of tied classes win. */
  private elect(voters: Int32Array): number {
    const { trainLabels } = this.options;
    this.votes.fill(0);
    let mostVotes = 0;
    for (const voter of voters)
      if (voter >= 0) mostVotes = Math.max(mostVotes, ++this.votes[trainLabels[voter]]);
    for (const voter of voters)
      if (voter >= 0 && this.votes[trainLabels[voter]] === mostVotes) return trainLabels[voter];
    return -1;
  }

  /** In [0, 1]; `null` before any query. */
  accuracy(): number | null {
    return this.queries === 0 ? null : this.right / this.queries;
  }
}
