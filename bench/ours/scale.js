// @ts-check
/**
 * One stage in the life of a large collection, in a process of its own, so that its peak memory is its own:
 *
 *   node bench/ours/scale.js add|search|remove <collection> <vectors>
 *
 * Prints one JSON document.
 */

import { Collection } from '../../dist/collection/collection.js';
import { CollectionIndex } from '../../dist/collection/index/index.js';
import { Random } from '../../dist/core/random.js';
import { peakMemoryMiB } from '../peak-memory.js';

const dimension = 128;
const classes = 1000;
const perBlock = 5000;
const queries = 1000;

const [stage, directory, count] = process.argv.slice(2);
const stages = { add, search, remove };
const figures = await stages[/** @type {keyof typeof stages} */ (stage)](directory, Number(count));
console.log(JSON.stringify({ ...figures, peakMiB: peakMemoryMiB() }));

/** @param {string} path @param {number} vectors */
async function add(path, vectors) {
  const collection = await Collection.create(path, {
    id: 'scale',
    name: 'synthetic',
    dimension,
    bytes: new Uint8Array(0),
  });
  const { catalog } = collection;
  const source = catalog.write(() => catalog.sources.add('synthetic', null).number);
  const stray = strays();
  let written = 0;
  for (let first = 0; first < vectors; first += perBlock) {
    const rows = Math.min(perBlock, vectors - first);
    const block = stray(first, rows);
    const images = Array.from({ length: rows }, (_, i) => imageOf(first + i, source));
    written += timed(() => catalog.write(() => collection.vectors.put(catalog.images.put(images), block)));
  }
  const built = await timedAsync(async () => {
    const index = await CollectionIndex.open(collection.indexDirectory, collection.vectors);
    await index.save();
    await index.close();
  });
  collection.close();
  return { addSeconds: written / 1000, indexSeconds: built / 1000 };
}

/** @param {string} path */
async function search(path) {
  const startedAt = performance.now();
  const collection = Collection.open(path);
  const index = await CollectionIndex.open(collection.indexDirectory, collection.vectors);
  await index.search(collection.vectors.of(Uint32Array.of(1)).vectors, 10);
  const openSeconds = (performance.now() - startedAt) / 1000;

  const ids = Uint32Array.from(Random.of(0, 'queries').sample(queries, index.size), (i) => i + 1).sort();
  const found = collection.vectors.of(ids);
  const times = [];
  let self = 0;
  for (let q = 0; q < found.ids.length; q++) {
    const query = found.vectors.subarray(q * dimension, (q + 1) * dimension);
    const at = performance.now();
    const [hits] = await index.search(query, 10);
    times.push(performance.now() - at);
    if (hits?.[0]?.id === found.ids[q]) self++;
  }
  const state = await index.state();
  await index.close();
  collection.close();
  return {
    openSeconds,
    p50Ms: quantile(times, 0.5),
    p99Ms: quantile(times, 0.99),
    foundItself: self / found.ids.length,
    index: state,
  };
}

/** @param {string} path */
async function remove(path) {
  const collection = Collection.open(path);
  const { catalog } = collection;
  const all = catalog.images.ids();
  const chosen = all.filter((_, i) => i % 10 === 3);
  let written = 0;
  for (let first = 0; first < chosen.length; first += perBlock)
    written += timed(() =>
      catalog.write(() => catalog.images.remove(chosen.subarray(first, first + perBlock))),
    );
  const built = await timedAsync(async () => {
    const index = await CollectionIndex.open(collection.indexDirectory, collection.vectors);
    await index.save();
    await index.close();
  });
  collection.close();
  return { removed: chosen.length, removeSeconds: written / 1000, indexSeconds: built / 1000 };
}

/** Unit vectors that stray from the directions of classes, some little, some much; a block is made when it is asked for. */
function strays() {
  const random = Random.of(0, 'directions');
  const directions = Float32Array.from({ length: classes * dimension }, () => random.normal());
  return (/** @type {number} */ first, /** @type {number} */ rows) => {
    const own = Random.of(first, 'strays');
    const vectors = new Float32Array(rows * dimension);
    for (let row = 0; row < rows; row++) {
      const at = ((first + row) % classes) * dimension;
      const far = own.between(0.3, 1.5);
      let squares = 0;
      for (let j = 0; j < dimension; j++) {
        const value = directions[at + j] + far * own.normal();
        vectors[row * dimension + j] = value;
        squares += value * value;
      }
      const scale = 1 / Math.sqrt(squares);
      for (let j = 0; j < dimension; j++) vectors[row * dimension + j] *= scale;
    }
    return vectors;
  };
}

/** @param {number} i @param {number} source */
function imageOf(i, source) {
  return {
    path: `synthetic/${i}`,
    entry: '',
    size: null,
    mtime: null,
    source,
    name: String(i),
    sha256: null,
    width: null,
    height: null,
    format: null,
    label: `class ${i % classes}`,
    split: null,
    metadata: {},
  };
}

/** @param {() => void} work */
function timed(work) {
  const at = performance.now();
  work();
  return performance.now() - at;
}

/** @param {() => Promise<void>} work */
async function timedAsync(work) {
  const at = performance.now();
  await work();
  return performance.now() - at;
}

/** @param {number[]} values @param {number} share */
function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}
