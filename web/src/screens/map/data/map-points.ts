/** Where images lie on the map, a column for each thing that is known of a point. */
export interface MapPoints {
  readonly length: number;
  readonly ids: Uint32Array;
  /** x, y, x, y ...; each in [-1, 1], y upwards; one unit is as long in both directions. */
  readonly places: Float32Array;
  readonly clusters: Uint16Array;
  readonly outlierScores: Float32Array;
  /** Of each point, which of `labels` it has. */
  readonly labelCodes: Uint32Array;
  /** The commonest first. `null` is that of points without a label. */
  readonly labels: readonly LabelCount[];
}

export interface LabelCount {
  readonly label: string | null;
  readonly images: number;
}

/** The columns as they were sent: places in any unit, labels in any order, `-1` where there is none. */
export interface MapColumns {
  readonly ids: Uint32Array;
  readonly xs: Float32Array;
  readonly ys: Float32Array;
  readonly clusters: Uint16Array;
  readonly outlierScores: Float32Array;
  readonly labelCodes: Int32Array;
  readonly labels: readonly string[];
}

export function mapPointsOf(columns: MapColumns): MapPoints {
  const { labels, labelCodes } = commonestFirst(columns);
  return {
    length: columns.ids.length,
    ids: columns.ids,
    places: intoSquare(columns.xs, columns.ys),
    clusters: columns.clusters,
    outlierScores: columns.outlierScores,
    labels,
    labelCodes,
  };
}

function commonestFirst({ labels, labelCodes }: MapColumns): {
  labels: LabelCount[];
  labelCodes: Uint32Array;
} {
  // A dictionary that was sent in pieces may hold a label twice.
  const merged = new Map<string | null, number>();
  const places = labels.map((label) => placeIn(merged, label));
  const without = placeIn(merged, null);
  const counts = new Float64Array(merged.size);
  for (const code of labelCodes) counts[code < 0 ? without : places[code]!]!++;
  const order = [...merged]
    .map(([label, place]) => ({ label, place, images: counts[place]! }))
    .filter(({ images }) => images > 0)
    .sort((a, b) => b.images - a.images || (a.label ?? '').localeCompare(b.label ?? ''));
  const rank = new Uint32Array(merged.size);
  order.forEach(({ place }, at) => {
    rank[place] = at;
  });
  // A loop, as `from` with a function takes ten times as long, and there may be a million.
  const ranks = new Uint32Array(labelCodes.length);
  for (let row = 0; row < ranks.length; row++) {
    const code = labelCodes[row]!;
    ranks[row] = rank[code < 0 ? without : places[code]!]!;
  }
  return { labels: order.map(({ label, images }) => ({ label, images })), labelCodes: ranks };
}

function placeIn(places: Map<string | null, number>, label: string | null): number {
  const known = places.get(label);
  if (known !== undefined) return known;
  places.set(label, places.size);
  return places.size - 1;
}

/** Moves and scales places, alike in both directions, so that they fill the square from -1 to 1. */
function intoSquare(xs: Float32Array, ys: Float32Array): Float32Array {
  const [left, right] = extent(xs);
  const [bottom, top] = extent(ys);
  const half = Math.max(right - left, top - bottom) / 2 || 1;
  const places = new Float32Array(2 * xs.length);
  for (let row = 0; row < xs.length; row++) {
    places[2 * row] = (xs[row]! - (left + right) / 2) / half;
    places[2 * row + 1] = (ys[row]! - (bottom + top) / 2) / half;
  }
  return places;
}

function extent(values: Float32Array): [number, number] {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return values.length === 0 ? [0, 0] : [least, most];
}
