// @ts-check
import { Random } from '../../dist/core/random.js';

/**
 * Unit vectors in classes, as a trained model makes them: each class has a direction, and each item strays from it by an
 * amount of its own, some hardly, some so far that they lie among the others. Item i has class i modulo their number.
 *
 * @param {{ items: number, dimension: number, classes: number }} options
 * @returns {Float32Array} [items, dimension]
 */
export function clusteredVectors({ items, dimension, classes }) {
  const random = Random.of(0, 'clustered vectors');
  const directions = Array.from({ length: classes }, () =>
    unit(Float64Array.from({ length: dimension }, () => random.normal())),
  );
  const vectors = new Float32Array(items * dimension);
  for (let item = 0; item < items; item++) {
    const direction = directions[item % classes];
    const stray = random.between(0.5, 3) / Math.sqrt(dimension);
    vectors.set(unit(direction.map((value) => value + stray * random.normal())), item * dimension);
  }
  return vectors;
}

/** @param {Float64Array} vector */
function unit(vector) {
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}
