import { Random } from '../../core/random.js';

/** What decides a plane is seen in as many vectors as well as in all. */
const mostSampled = 2000;
const iterations = 60;

/**
 * Where vectors lie in the plane in which they differ most: their first two principal components, about their mean, scaled
 * so that the farthest coordinate is 10. A map that starts there keeps what is far apart far apart (Kobak and Linderman
 * 2021, "Initialization is critical for preserving global data structure in both t-SNE and UMAP").
 *
 * The components are found by power iteration on at most 2,000 of the vectors, the second one orthogonal to the first; vectors
 * that do not differ lie at 0.
 *
 * @param vectors float32 [n, dimension]
 * @returns float64 [n, 2]
 */
export function principalPlane(vectors: Float32Array, dimension: number, seed: number): Float64Array {
  const count = vectors.length / dimension;
  const random = Random.of(seed, 'principal plane');
  const sampled = count <= mostSampled ? [...Array(count).keys()] : random.sample(mostSampled, count);
  const mean = new Float64Array(dimension);
  for (const i of sampled) for (let d = 0; d < dimension; d++) mean[d]! += vectors[i * dimension + d]!;
  for (let d = 0; d < dimension; d++) mean[d]! /= Math.max(1, sampled.length);

  const first = component([]);
  const directions = [first, component([first])];
  const plane = new Float64Array(2 * count);
  for (let i = 0; i < count; i++)
    for (let axis = 0; axis < 2; axis++) plane[2 * i + axis] = along(directions[axis]!, i);
  const farthest = plane.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return farthest < 1e-9 ? plane.fill(0) : plane.map((value) => (10 * value) / farthest);

  function along(direction: Float64Array, i: number): number {
    let sum = 0;
    for (let d = 0; d < dimension; d++) sum += (vectors[i * dimension + d]! - mean[d]!) * direction[d]!;
    return sum;
  }

  function component(before: readonly Float64Array[]): Float64Array {
    let direction = Float64Array.from({ length: dimension }, () => random.normal());
    normalise(direction, before);
    for (let iteration = 0; iteration < iterations; iteration++) {
      const next = new Float64Array(dimension);
      for (const i of sampled) {
        const length = along(direction, i);
        for (let d = 0; d < dimension; d++) next[d]! += length * (vectors[i * dimension + d]! - mean[d]!);
      }
      if (!normalise(next, before)) break;
      const turned = dot(next, direction);
      direction = next;
      if (turned > 1 - 1e-9) break;
    }
    return direction;
  }
}

/** Makes a direction orthogonal to others and of length 1; `false` where nothing is left of it. */
function normalise(direction: Float64Array, others: readonly Float64Array[]): boolean {
  for (const other of others) {
    const shared = dot(direction, other);
    for (let d = 0; d < direction.length; d++) direction[d]! -= shared * other[d]!;
  }
  const length = Math.sqrt(dot(direction, direction));
  if (length < 1e-12) return false;
  for (let d = 0; d < direction.length; d++) direction[d]! /= length;
  return true;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let d = 0; d < a.length; d++) sum += a[d]! * b[d]!;
  return sum;
}
