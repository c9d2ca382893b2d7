import type { Neighbourhoods } from '../neighbourhoods.js';

/** Below this two vectors are taken for one. */
const leastDistance = 1e-4;

/**
 * Places points on a map among those that lie there already: the mean of the places of their nearest, weighted by one over the
 * square of the cosine distance, so that what lies next to a copy of itself lies upon it.
 *
 * @param near the nearest of each new point among those on the map
 * @param places float32 [on the map, 2]
 * @returns float32 [new, 2]
 */
export function placeAmong({ width, indices, cosines }: Neighbourhoods, places: Float32Array): Float32Array {
  const placed = new Float32Array(width === 0 ? 0 : (2 * indices.length) / width);
  for (let i = 0; i < placed.length / 2; i++) {
    let [x, y, sum] = [0, 0, 0];
    for (let at = i * width; at < (i + 1) * width; at++) {
      const weight = 1 / Math.max(leastDistance, 1 - cosines[at]!) ** 2;
      x += weight * places[2 * indices[at]!]!;
      y += weight * places[2 * indices[at]! + 1]!;
      sum += weight;
    }
    placed[2 * i] = x / sum;
    placed[2 * i + 1] = y / sum;
  }
  return placed;
}
