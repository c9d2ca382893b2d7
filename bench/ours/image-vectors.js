// @ts-check

import { Random } from '../../dist/core/random.js';
import { openImages } from '../../dist/data/source.js';
import { cast, constant, conv2d, input, mean, multiply, Program, relu } from '../../dist/engine/index.js';

const side = 32;
const crop = 28;
/** Channels of the layers. The last is the length of the vectors. */
const widths = [3, 32, 64, 128];
const batchSize = 500;

/**
 * Unit vectors made from real images: crops of them, some mirrored, as a network of three convolutions with random weights sees
 * them, each feature centred and scaled by its spread. Not vectors to search by, but crowded and spread out as those of images
 * are, which noise is not.
 *
 * @param {{ source: string, count: number, queries: number }} options `source` as the command line takes it. Queries are of images
 *   that none of the vectors is of
 * @param {(message: string) => void} onProgress
 * @returns {Promise<{ vectors: Float32Array, queries: Float32Array, dimension: number }>} float32 [count, dimension] and
 *   [queries, dimension]
 */
export async function imageVectors({ source, count, queries }, onProgress) {
  const dimension = widths[widths.length - 1];
  const images = await openImages(source);
  const order = Random.of(0, 'order of images').shuffle(
    Int32Array.from({ length: images.length }, (_, i) => i),
  );
  const heldOut = Math.min(queries, images.length >> 2);
  const program = await network();
  /** @param {Int32Array} from @param {number} wanted @param {string} name */
  const embed = async (from, wanted, name) => {
    const all = new Float32Array(wanted * dimension);
    for (let at = 0; at < wanted; at += batchSize) {
      const size = Math.min(batchSize, wanted - at);
      const chosen = Array.from({ length: size }, (_, i) => from[(at + i) % from.length]);
      const pixels = await images.pixels(chosen, { width: side, height: side });
      const { features } = await program.run({ images: cropped(pixels, Random.of(at, name)) });
      all.set(/** @type {Float32Array} */ (features), at * dimension);
      if ((at / batchSize) % 40 === 39) onProgress(`vectors of ${source}: ${at + size} of ${wanted}`);
    }
    return all;
  };
  const vectors = await embed(order.subarray(heldOut), count, 'crops');
  const asked = await embed(order.subarray(0, heldOut), queries, 'queries');
  await program.release();
  const { means, scales } = spread(vectors, dimension);
  standardize(vectors, means, scales);
  standardize(asked, means, scales);
  return { vectors, queries: asked, dimension };
}

function network() {
  const random = Random.of(0, 'weights');
  const pixels = multiply(cast(input('images', 'uint8', ['N', crop, crop, 3]), 'float32'), constant(1 / 128));
  let x = pixels;
  for (let layer = 1; layer < widths.length; layer++) {
    const [from, to] = [widths[layer - 1], widths[layer]];
    const shape = [3, 3, from, to];
    const scale = Math.sqrt(2 / (9 * from));
    const weights = Array.from({ length: 9 * from * to }, () => scale * random.normal());
    x = relu(conv2d(x, constant(weights, shape), { layout: 'NHWC', stride: 2 }));
  }
  return Program.compile({ outputs: { features: mean(x, { axes: [1, 2] }) } });
}

/** @param {Uint8Array} pixels @param {Random} random */
function cropped(pixels, random) {
  const count = pixels.length / (side * side * 3);
  const out = new Uint8Array(count * crop * crop * 3);
  for (let image = 0; image < count; image++) {
    const [dx, dy] = [random.integer(side - crop + 1), random.integer(side - crop + 1)];
    const mirrored = random.integer(2) === 1;
    for (let y = 0; y < crop; y++)
      for (let x = 0; x < crop; x++) {
        const sourceX = dx + (mirrored ? crop - 1 - x : x);
        const from = ((image * side + dy + y) * side + sourceX) * 3;
        const to = ((image * crop + y) * crop + x) * 3;
        for (let c = 0; c < 3; c++) out[to + c] = pixels[from + c];
      }
  }
  return out;
}

/** @param {Float32Array} vectors @param {number} dimension */
function spread(vectors, dimension) {
  const means = new Float64Array(dimension);
  const squares = new Float64Array(dimension);
  for (let i = 0; i < vectors.length; i++) {
    means[i % dimension] += vectors[i];
    squares[i % dimension] += vectors[i] ** 2;
  }
  const count = vectors.length / dimension;
  const scales = squares.map((square, i) => {
    means[i] /= count;
    return 1 / Math.sqrt(Math.max(1e-12, square / count - means[i] ** 2));
  });
  return { means, scales };
}

/**
 * In place, to unit length.
 * @param {Float32Array} vectors @param {Float64Array} means @param {Float64Array} scales
 */
function standardize(vectors, means, scales) {
  const dimension = means.length;
  for (let from = 0; from < vectors.length; from += dimension) {
    let squared = 0;
    for (let i = 0; i < dimension; i++) {
      const value = (vectors[from + i] - means[i]) * scales[i];
      vectors[from + i] = value;
      squared += value * value;
    }
    const length = Math.sqrt(squared) || 1;
    for (let i = 0; i < dimension; i++) vectors[from + i] /= length;
  }
}
