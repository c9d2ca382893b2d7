import { type Table, tableFromIPC } from 'apache-arrow';
import { arrowStream } from '../../formats/arrow-stream.js';
import type { LabelledVectors } from './labelled-vectors.js';

/** Images and the one nearest to each, the highest score first, with the labels that they had. */
export interface Neighbours {
  readonly ids: Uint32Array;
  readonly nearest: Uint32Array;
  /** Cosines. */
  readonly scores: Float32Array;
  /** int32: numbers of `classNames`, of the images and of their nearest. */
  readonly labels: Int32Array;
  readonly nearestLabels: Int32Array;
  readonly classNames: readonly string[];
}

export interface NeighboursFileRequest extends Pick<LabelledVectors, 'ids' | 'labels' | 'classNames'> {
  /** int32: the images that count. */
  readonly queries: Int32Array;
  /** int32 [ids]: which image is nearest to each. */
  readonly nearest: Int32Array;
  readonly scores: Float32Array;
}

/** What is behind the cells of a confusion matrix, as an Arrow stream. */
export function neighboursFile(request: NeighboursFileRequest): Promise<Uint8Array> {
  const { ids, labels, classNames: texts, queries, nearest, scores } = request;
  const order = queries.toSorted((a, b) => scores[b]! - scores[a]! || a - b);
  return arrowStream({
    id: Uint32Array.from(order, (query) => ids[query]!),
    nearest: Uint32Array.from(order, (query) => ids[nearest[query]!]!),
    score: Float32Array.from(order, (query) => scores[query]!),
    label: { codes: order.map((query) => labels[query]!), texts },
    nearestLabel: { codes: order.map((query) => labels[nearest[query]!]!), texts },
  });
}

/** @returns `undefined` where it is no such file, or not whole */
export function readNeighbours(bytes: Uint8Array): Neighbours | undefined {
  try {
    return neighboursIn(tableFromIPC(bytes));
  } catch {
    return undefined;
  }
}

function neighboursIn(table: Table): Neighbours {
  const column = (name: string) => table.getChild(name)!;
  return {
    ids: column('id').toArray(),
    nearest: column('nearest').toArray(),
    scores: column('score').toArray(),
    labels: column('label').data[0]!.values,
    nearestLabels: column('nearestLabel').data[0]!.values,
    classNames: column('label').data[0]!.dictionary!.toArray() as readonly string[],
  };
}
