import { type Lasso, rowsInside } from './lasso.js';
import type { MapPoints } from './map-points.js';
import type { PointGrid } from './point-grid.js';

/** What was asked for: images in any of these clusters, with any of these labels, inside the lasso. */
export interface Wanted {
  readonly clusters: ReadonlySet<number>;
  /** `null` of images without one. */
  readonly labels: ReadonlySet<string | null>;
  readonly lasso: Lasso | undefined;
}

export const pointStates = { aside: 0, plain: 1, picked: 2 } as const;

export interface Picked {
  /** Of each point, one of `pointStates`: `aside` does not meet what was asked for. */
  readonly states: Uint8Array;
  /** Rows that were picked, in ascending order; none where nothing was asked for. */
  readonly rows: Uint32Array;
  /** Whether anything was asked for. */
  readonly any: boolean;
}

export function pick(points: MapPoints, grid: PointGrid, { clusters, labels, lasso }: Wanted): Picked {
  const states = new Uint8Array(points.length);
  if (clusters.size === 0 && labels.size === 0 && !lasso) {
    return { states: states.fill(pointStates.plain), rows: new Uint32Array(0), any: false };
  }
  const wantedLabels = Uint8Array.from(points.labels, ({ label }) => Number(labels.has(label)));
  const meets = (row: number) =>
    (clusters.size === 0 || clusters.has(points.clusters[row]!)) &&
    (labels.size === 0 || wantedLabels[points.labelCodes[row]!] === 1);
  const candidates = lasso ? rowsInside(lasso, points.places, grid) : points.ids.keys();
  const rows = new Uint32Array(points.length);
  let count = 0;
  for (const row of candidates) {
    if (!meets(row)) continue;
    states[row] = pointStates.picked;
    rows[count++] = row;
  }
  return { states, rows: rows.slice(0, count), any: true };
}

/** How many points of each cluster and label there are inside the lasso, for lists of both. */
export interface Counts {
  readonly clusters: ReadonlyMap<number, number>;
  readonly labels: ReadonlyMap<string | null, number>;
}

/** Counts clusters among images of the wanted labels, and labels among images of the wanted clusters. */
export function countsOf(points: MapPoints, grid: PointGrid, wanted: Wanted): Counts {
  const clusters = new Map<number, number>();
  const byCode = new Uint32Array(points.labels.length);
  const wantedLabels = points.labels.map(({ label }) => wanted.labels.size === 0 || wanted.labels.has(label));
  const rows = wanted.lasso ? rowsInside(wanted.lasso, points.places, grid) : points.ids.keys();
  for (const row of rows) {
    const [cluster, code] = [points.clusters[row]!, points.labelCodes[row]!];
    if (wantedLabels[code]) clusters.set(cluster, (clusters.get(cluster) ?? 0) + 1);
    if (wanted.clusters.size === 0 || wanted.clusters.has(cluster)) byCode[code]!++;
  }
  return { clusters, labels: new Map(points.labels.map(({ label }, code) => [label, byCode[code]!])) };
}
