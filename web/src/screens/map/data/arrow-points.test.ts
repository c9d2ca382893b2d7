import { expect, test } from 'vitest';
import { readPoints } from './arrow-points.js';

// By a name that the compiler does not follow: the types of this library bring those of Node with them.
const library: string = 'apache-arrow';
const arrow = await import(/* @vite-ignore */ library);

/** As the server writes it, with another library than the one that reads. */
function stream(rows: readonly [number, number, number, number, number, string | null][], batches = 1) {
  const vector = (values: unknown[], type: unknown) => arrow.vectorFromArray(values, type);
  const labels = new arrow.Dictionary(new arrow.Utf8(), new arrow.Uint32());
  const table = new arrow.Table({
    id: vector(
      rows.map((row) => row[0]),
      new arrow.Uint32(),
    ),
    x: vector(
      rows.map((row) => row[1]),
      new arrow.Float32(),
    ),
    y: vector(
      rows.map((row) => row[2]),
      new arrow.Float32(),
    ),
    cluster: vector(
      rows.map((row) => row[3]),
      new arrow.Uint16(),
    ),
    outlierScore: vector(
      rows.map((row) => row[4]),
      new arrow.Float32(),
    ),
    label: vector(
      rows.map((row) => row[5]),
      labels,
    ),
  });
  const size = Math.ceil(rows.length / batches);
  const pieces = Array.from(
    { length: batches },
    (_, i) => table.slice(i * size, (i + 1) * size).batches,
  ).flat();
  const bytes = arrow.tableToIPC(new arrow.Table(table.schema, pieces), 'stream');
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
}

const rows: [number, number, number, number, number, string | null][] = [
  [3, -1, 0, 1, 0.5, 'cat'],
  [5, 1, 0, 1, 0.25, null],
  [4_000_000_000, 0, 0.5, 2, 7, 'dog'],
  [9, 0, -0.5, 65_000, -1, 'cat'],
];

test.each([1, 2, 4])('columns are read as they were written, in %i pieces', (batches) => {
  const points = readPoints(stream(rows, batches));
  expect(points.length).toBe(4);
  expect([...points.ids]).toEqual(rows.map((row) => row[0]));
  expect([...points.places]).toEqual([-1, 0, 1, 0, 0, 0.5, 0, -0.5]);
  expect([...points.clusters]).toEqual([1, 1, 2, 65_000]);
  expect([...points.outlierScores]).toEqual([0.5, 0.25, 7, -1]);
  expect([...points.labelCodes].map((code) => points.labels[code]!.label)).toEqual(rows.map((row) => row[5]));
});
