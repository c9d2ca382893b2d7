import type { PointGrid } from './point-grid.js';

/** A closed line on the map: x, y, x, y ... of its corners. */
export type Lasso = Float32Array;

/** Corners of which more would make an address too long. */
const mostCorners = 64;

/** The rows inside, in ascending order. Where the line crosses itself, what it goes around twice is outside. */
export function rowsInside(lasso: Lasso, places: Float32Array, grid: PointGrid): Uint32Array {
  if (lasso.length < 6) return new Uint32Array(0);
  let [left, bottom, right, top] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let at = 0; at < lasso.length; at += 2) {
    left = Math.min(left, lasso[at]!);
    right = Math.max(right, lasso[at]!);
    bottom = Math.min(bottom, lasso[at + 1]!);
    top = Math.max(top, lasso[at + 1]!);
  }
  const edges = edgesByHeight(lasso, bottom, top);
  const inside = new Uint8Array(places.length / 2);
  let count = 0;
  grid.visit(left, bottom, right, top, (row) => {
    const y = places[2 * row + 1]!;
    if (y < bottom || y > top || !crossesOddly(edges.at(y), places[2 * row]!, y)) return;
    inside[row] = 1;
    count++;
  });
  const rows = new Uint32Array(count);
  for (let row = 0, next = 0; next < count; row++) if (inside[row] === 1) rows[next++] = row;
  return rows;
}

const bands = 256;

/**
 * The edges that a horizontal line can cross: of a million points and sixty edges, each point then looks at a few only.
 * An edge is four numbers: where it comes from and where it goes to.
 */
function edgesByHeight(lasso: Lasso, bottom: number, top: number): { at(y: number): Float32Array } {
  const band = (y: number) =>
    Math.min(bands - 1, Math.max(0, Math.floor(((y - bottom) / (top - bottom || 1)) * bands)));
  const found: number[][] = Array.from({ length: bands }, () => []);
  for (let to = 0, from = lasso.length - 2; to < lasso.length; from = to, to += 2) {
    const edge = [lasso[from]!, lasso[from + 1]!, lasso[to]!, lasso[to + 1]!];
    const last = band(Math.max(edge[1]!, edge[3]!));
    for (let each = band(Math.min(edge[1]!, edge[3]!)); each <= last; each++) found[each]!.push(...edge);
  }
  const edges = found.map((numbers) => Float32Array.from(numbers));
  return { at: (y) => edges[band(y)]! };
}

/** Whether a ray to the right from a place crosses an odd number of edges. */
function crossesOddly(edges: Float32Array, x: number, y: number): boolean {
  let odd = false;
  for (let at = 0; at < edges.length; at += 4) {
    const fromY = edges[at + 1]!;
    const toY = edges[at + 3]!;
    if (fromY > y === toY > y) continue;
    const fromX = edges[at]!;
    if (x < ((edges[at + 2]! - fromX) * (y - fromY)) / (toY - fromY) + fromX) odd = !odd;
  }
  return odd;
}

/** The same line with few corners: those are left out that lie off the straight line by less than others. */
export function simplified(lasso: Lasso): Lasso {
  let corners = lasso;
  for (let tolerance = 0.002; corners.length / 2 > mostCorners; tolerance *= 1.5) {
    corners = withoutNear(lasso, tolerance);
  }
  return corners;
}

/** Ramer, Douglas and Peucker's algorithm on the open line from the first corner to the last. */
function withoutNear(line: Lasso, tolerance: number): Lasso {
  const kept = new Uint8Array(line.length / 2);
  kept[0] = kept[kept.length - 1] = 1;
  const pieces: [number, number][] = [[0, kept.length - 1]];
  for (let piece = pieces.pop(); piece; piece = pieces.pop()) {
    const [from, to] = piece;
    let farthest = -1;
    let most = tolerance;
    for (let corner = from + 1; corner < to; corner++) {
      const distance = distanceFromPiece(line, corner, from, to);
      if (distance > most) [most, farthest] = [distance, corner];
    }
    if (farthest < 0) continue;
    kept[farthest] = 1;
    pieces.push([from, farthest], [farthest, to]);
  }
  return line.filter((_, at) => kept[at >> 1] === 1);
}

function distanceFromPiece(line: Lasso, corner: number, from: number, to: number): number {
  const [x, y] = [line[2 * corner]! - line[2 * from]!, line[2 * corner + 1]! - line[2 * from + 1]!];
  const [dx, dy] = [line[2 * to]! - line[2 * from]!, line[2 * to + 1]! - line[2 * from + 1]!];
  const length = dx * dx + dy * dy;
  const share = length === 0 ? 0 : Math.min(1, Math.max(0, (x * dx + y * dy) / length));
  return Math.hypot(x - share * dx, y - share * dy);
}

const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const steps = 64 * 64 - 1;
/** What an address can say reaches a little beyond the square that points lie in. */
const reach = 1.25;

/** As it stands in an address: two digits of base 64 for each coordinate. */
export function lassoToText(lasso: Lasso): string {
  return Array.from(lasso, (coordinate) => {
    const step = Math.round(((Math.min(reach, Math.max(-reach, coordinate)) + reach) / (2 * reach)) * steps);
    return digits[step >> 6]! + digits[step & 63]!;
  }).join('');
}

/** `undefined` of what is no lasso. */
export function lassoFromText(text: string): Lasso | undefined {
  if (!/^(?:[\w-]{4}){3,}$/.test(text) || text.length > 4 * 4 * mostCorners) return undefined;
  return Float32Array.from({ length: text.length / 2 }, (_, at) => {
    const step = digits.indexOf(text[2 * at]!) * 64 + digits.indexOf(text[2 * at + 1]!);
    return (step / steps) * 2 * reach - reach;
  });
}
