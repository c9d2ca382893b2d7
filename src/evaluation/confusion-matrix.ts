import type { NeighbourBlock } from '../engine/nearest-neighbours.js';

/** How often queries of one class (row) found neighbours of each class (column). */
export interface ConfusionMatrix {
  readonly classCount: number;
  /** Neighbours counted per query. */
  readonly neighboursPerQuery: number;
  readonly queries: number;
  /** [query class, neighbour class, neighbours counted], the cells that are not zero, by row, then column. */
  readonly cells: readonly (readonly [queryClass: number, neighbourClass: number, count: number])[];
}

/** One query and one of its neighbours. */
export interface Match {
  readonly query: number;
  readonly neighbour: number;
  readonly score: number;
}

export interface ConfusionCounterOptions {
  /** int32 [q] */
  readonly queryLabels: Int32Array;
  /** int32 [g]; left out: leave-one-out, the gallery is the queries. */
  readonly galleryLabels?: Int32Array;
  readonly classCount: number;
  readonly neighboursPerQuery?: number;
  /** Only the first so many queries of each class, by index: 10 gives the form of the Keras example. */
  readonly queriesPerClass?: number;
}

/**
 * Counts a confusion matrix from ranked neighbours. Only cells that occur are held, so thousands of classes cost no
 * more than their neighbours do.
 */
export class ConfusionCounter {
  private readonly cells = new Map<number, { count: number; closest: Match }>();
  private readonly queriesOf: Int32Array;
  private readonly neighboursPerQuery: number;
  private queries = 0;

  constructor(private readonly options: ConfusionCounterOptions) {
    this.queriesOf = new Int32Array(options.classCount);
    this.neighboursPerQuery = options.neighboursPerQuery ?? 10;
  }

  /** Takes blocks in the order of the queries. */
  add({ firstQuery, queryCount, k, indices, scores }: NeighbourBlock): void {
    const { queryLabels, galleryLabels = queryLabels, classCount, queriesPerClass } = this.options;
    for (let row = 0; row < queryCount; row++) {
      const query = firstQuery + row;
      const queryClass = queryLabels[query];
      if (this.queriesOf[queryClass]++ >= (queriesPerClass ?? Number.POSITIVE_INFINITY)) continue;
      this.queries++;
      for (let i = row * k; i < row * k + Math.min(k, this.neighboursPerQuery); i++) {
        const neighbour = indices[i];
        if (neighbour < 0) break;
        const key = queryClass * classCount + galleryLabels[neighbour];
        const match = { query, neighbour, score: scores[i] };
        const cell = this.cells.get(key);
        if (!cell) this.cells.set(key, { count: 1, closest: match });
        else {
          cell.count++;
          if (match.score > cell.closest.score) cell.closest = match;
        }
      }
    }
  }

  matrix(): ConfusionMatrix {
    const { classCount } = this.options;
    const keys = [...this.cells.keys()].sort((a, b) => a - b);
    return {
      classCount,
      neighboursPerQuery: this.neighboursPerQuery,
      queries: this.queries,
      cells: keys.map((key) => [Math.floor(key / classCount), key % classCount, this.cells.get(key)!.count]),
    };
  }

  /** The best-scoring match between a query of one class and a neighbour of the other; the earliest of equals. */
  closest(queryClass: number, neighbourClass: number): Match | undefined {
    return this.cells.get(queryClass * this.options.classCount + neighbourClass)?.closest;
  }
}

/** The matrix with its zeros: `rows[queryClass][neighbourClass]`. */
export function confusionRows({ classCount, cells }: ConfusionMatrix): number[][] {
  const rows = Array.from({ length: classCount }, () => new Array<number>(classCount).fill(0));
  for (const [row, column, count] of cells) rows[row][column] = count;
  return rows;
}
