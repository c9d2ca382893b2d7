import { type Column, type Table, tableFromIPC } from '@uwdata/flechette';
import { type MapPoints, mapPointsOf } from './map-points.js';

/** Reads the Arrow stream of `…/map/points`. Loaded with the map alone. */
export function readPoints(stream: ArrayBuffer): MapPoints {
  const table = tableFromIPC(new Uint8Array(stream));
  return mapPointsOf({
    ids: Uint32Array.from(numbers(table, 'id')),
    xs: Float32Array.from(numbers(table, 'x')),
    ys: Float32Array.from(numbers(table, 'y')),
    clusters: Uint16Array.from(numbers(table, 'cluster')),
    outlierScores: Float32Array.from(numbers(table, 'outlierScore')),
    ...labelsOf(column(table, 'label')),
  });
}

function column(table: Table, name: string): Column<unknown> {
  const found = table.getChild(name) as Column<unknown> | null;
  if (!found) throw new Error(`The map that was sent has no column "${name}".`);
  return found;
}

function numbers(table: Table, name: string): ArrayLike<number> {
  return column(table, name).toArray() as ArrayLike<number>;
}

/** Takes the numbers of a dictionary as they are: a million strings need not be made. */
function labelsOf(labels: Column<unknown>): { labels: string[]; labelCodes: Int32Array } {
  const names: string[] = [];
  const firstOf = new Map<readonly unknown[], number>();
  const labelCodes = new Int32Array(labels.length);
  let row = 0;
  for (const batch of labels.data as unknown as DictionaryBatch[]) {
    const values = batch.cache;
    if (!firstOf.has(values)) {
      firstOf.set(values, names.length);
      names.push(...(values as string[]));
    }
    const first = firstOf.get(values)!;
    for (let i = 0; i < batch.length; i++) {
      labelCodes[row++] = valid(batch, i) ? first + batch.key(i) : -1;
    }
  }
  return { labels: names, labelCodes };
}

/** What of flechette's batches of a dictionary is used here; its types know only batches in general. */
interface DictionaryBatch {
  readonly length: number;
  readonly nullCount: number;
  readonly validity: Uint8Array;
  readonly cache: readonly unknown[];
  key(index: number): number;
}

function valid({ nullCount, validity }: DictionaryBatch, index: number): boolean {
  return nullCount === 0 || ((validity[index >> 3] ?? 0xff) & (1 << (index & 7))) !== 0;
}
