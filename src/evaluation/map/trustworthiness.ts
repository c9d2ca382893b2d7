import { Random } from '../../core/random.js';

export interface TrustworthinessRequest {
  /** float32 [n, dimension], unit length */
  readonly vectors: Float32Array;
  readonly dimension: number;
  /** float32 [n, 2] */
  readonly places: Float32Array;
  /** Neighbours looked at, below n / 2. */
  readonly k: number;
  /** Points that are looked at; default all. Others than all are drawn by the seed. */
  readonly points?: number;
  readonly seed?: number;
}

/**
 * How far neighbours on a map are neighbours indeed (Venna and Kaski 2001, "Neighborhood preservation in nonlinear projection
 * methods"): 1 − 2 / (m k (2n − 3k − 1)) Σᵢ Σⱼ (r(i, j) − k), over m points i and those of their k nearest j on the map that are
 * not among their k nearest by cosine; r is the rank of j by cosine, the lower index first on ties. 1 where every neighbour is
 * one, about 0.5 where places are drawn at random.
 *
 * @returns in [0, 1]; 1 where there are too few points for k
 */
export function trustworthiness(request: TrustworthinessRequest): number {
  const { vectors, dimension, places, k, seed = 0 } = request;
  const count = places.length / 2;
  const worst = 2 * count - 3 * k - 1;
  if (worst <= 0 || count <= k) return 1;
  const looked =
    request.points === undefined || request.points >= count
      ? [...Array(count).keys()]
      : Random.of(seed, 'trustworthiness').sample(request.points, count);
  let beyond = 0;
  const cosines = new Float64Array(count);
  const distances = new Float64Array(count);
  for (const i of looked) {
    for (let j = 0; j < count; j++) {
      let cosine = 0;
      for (let d = 0; d < dimension; d++) cosine += vectors[i * dimension + d]! * vectors[j * dimension + d]!;
      cosines[j] = cosine;
      distances[j] = (places[2 * i]! - places[2 * j]!) ** 2 + (places[2 * i + 1]! - places[2 * j + 1]!) ** 2;
    }
    for (const j of leastOf(distances, k, i)) {
      let rank = 1;
      for (let other = 0; other < count; other++) {
        if (other === i || other === j) continue;
        if (cosines[other]! > cosines[j]! || (cosines[other] === cosines[j] && other < j)) rank++;
      }
      beyond += Math.max(0, rank - k);
    }
  }
  return 1 - (2 * beyond) / (looked.length * k * worst);
}

/** Indices of the k least values but for one, the lower index first on ties. */
function leastOf(values: Float64Array, k: number, except: number): number[] {
  const least: number[] = [];
  for (let i = 0; i < values.length; i++) {
    if (i === except || (least.length === k && values[i]! >= values[least.at(-1)!]!)) continue;
    let at = least.length;
    while (at > 0 && values[least[at - 1]!]! > values[i]!) at--;
    least.splice(at, 0, i);
    if (least.length > k) least.pop();
  }
  return least;
}
