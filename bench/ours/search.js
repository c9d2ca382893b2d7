// @ts-check
/**
 * Our side of the search benchmark. It builds an index and says in a line of JSON what it is and what that took; for every line
 * `{ "steps": n, "work": "batch" | "single" }` on stdin it asks n times all queries at once, or the next n, and answers with their time and,
 * as `loss`, the share of the 10 nearest that was found. With --filtered it prints one JSON document instead.
 */
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { CollectionIndex } from '../../dist/collection/index/index.js';
import { peakMemoryMiB } from '../peak-memory.js';

const k = 10;
const { values: flags } = parseArgs({
  options: {
    filtered: { type: 'boolean', default: false },
    kind: { type: 'string', default: 'exact' },
    data: { type: 'string', default: '' },
    index: { type: 'string', default: '' },
    dimension: { type: 'string', default: '128' },
    threads: { type: 'string', default: '2' },
  },
});
const dimension = Number(flags.dimension);
const queries = floats(`${flags.data}/queries`);
const truth = ints(`${flags.data}/truth`);

const start = performance.now();
const cpuStart = process.cpuUsage();
const index = await CollectionIndex.open(flags.index, sourceOf(`${flags.data}/vectors`), {
  kind: /** @type {'exact' | 'hnsw'} */ (flags.kind),
  threads: Number(flags.threads),
});
const built = { seconds: (performance.now() - start) / 1000, cpuSeconds: cpuSeconds(cpuStart) };
if (flags.filtered) console.log(JSON.stringify(await filtered()));
else await serve();
await index.close();

async function serve() {
  const { recall, expansion, quantization } = await index.state();
  const hello = { name: 'imagekin', parameters: index.size, ...built, recall, expansion, quantization };
  console.log(JSON.stringify(hello));
  const queryCount = queries.length / dimension;
  let next = 0;
  for await (const line of createInterface({ input: process.stdin })) {
    const { steps, work } = JSON.parse(line);
    let recalls = 0;
    const start = performance.now();
    const cpuStart = process.cpuUsage();
    for (let step = 0; step < steps; step++) {
      const at = work === 'batch' ? 0 : next++ % queryCount;
      const asked = work === 'batch' ? queries : queries.subarray(at * dimension, (at + 1) * dimension);
      recalls += recallOf(await index.search(asked, k), at);
    }
    const seconds = (performance.now() - start) / 1000;
    const answer = {
      seconds,
      cpuSeconds: cpuSeconds(cpuStart),
      loss: recalls / steps,
      peakMiB: peakMemoryMiB(),
    };
    console.log(JSON.stringify(answer));
  }
}

/** @param {NodeJS.CpuUsage} since */
function cpuSeconds(since) {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1e6;
}

/**
 * Those of the queries that the truth is known of.
 * @param {import('../../dist/collection/index/index.js').IndexHit[][]} found
 * @param {number} first query of them
 */
function recallOf(found, first) {
  let hits = 0;
  let known = 0;
  for (const [i, list] of found.entries()) {
    const expected = truth.subarray((first + i) * k, (first + i + 1) * k);
    if (expected.length === 0) break;
    known += k;
    hits += list.filter(({ id }) => expected.includes(id - 1)).length;
  }
  return known === 0 ? 1 : hits / known;
}

/** The latency of searches among some of the vectors, by their share, and whether they find what brute force does. */
async function filtered() {
  const vectors = floats(`${flags.data}/vectors`);
  const count = vectors.length / dimension;
  const results = [];
  for (const share of [0.5, 0.05, 0.005, 0.0001]) {
    // Every id has the same chance; Fibonacci hashing spreads them evenly.
    const among = Uint32Array.from({ length: count }, (_, i) => i + 1).filter(
      (id) => (Math.imul(id, 0x9e3779b1) >>> 0) / 2 ** 32 < share,
    );
    const times = [];
    let equal = true;
    for (let at = 0; at < 60; at++) {
      const query = queries.subarray(at * dimension, (at + 1) * dimension);
      const start = performance.now();
      const [found] = await index.search(query, k, { among });
      // The first ones compile programs and read the file.
      if (at >= 10) times.push(performance.now() - start);
      if (at % 12 === 0) {
        const expected = nearest(vectors, query, among);
        equal &&= found.length === expected.length && found.every(({ id }, i) => id === expected[i].id);
      }
    }
    times.sort((a, b) => a - b);
    results.push({
      share,
      vectors: among.length,
      p50Ms: times[times.length >> 1],
      p99Ms: times[Math.floor(times.length * 0.99)],
      equalsBruteForce: equal,
    });
  }
  return results;
}

/** @param {Float32Array} vectors @param {Float32Array} query @param {Uint32Array} among */
function nearest(vectors, query, among) {
  const scored = Array.from(among, (id) => {
    let score = 0;
    for (let i = 0; i < dimension; i++) score += query[i] * vectors[(id - 1) * dimension + i];
    return { id, score };
  });
  return scored.sort((a, b) => b.score - a.score || a.id - b.id).slice(0, k);
}

/**
 * All vectors of a file as one change of a collection, ids from 1.
 * @param {string} path
 * @returns {import('../../dist/collection/index/index.js').VectorSource}
 */
function sourceOf(path) {
  const rowsInBlock = 8192;
  const { length } = readFileSync(path);
  const count = length / dimension / 4;
  const none = { ids: new Uint32Array(0), vectors: new Float32Array(0) };
  return {
    modelId: 'benchmark',
    dimension,
    count: () => count,
    change: () => 1,
    changesSince: () => ({ change: 1, upserted: none, removed: new Uint32Array(0) }),
    of: () => none,
    all: () => ({
      change: 1,
      blocks: (function* () {
        const vectors = floats(path);
        for (let from = 0; from < count; from += rowsInBlock) {
          const size = Math.min(rowsInBlock, count - from);
          yield {
            ids: Uint32Array.from({ length: size }, (_, i) => from + i + 1),
            vectors: vectors.subarray(from * dimension, (from + size) * dimension),
          };
        }
      })(),
    }),
  };
}

/** @param {string} path */
function floats(path) {
  const bytes = readFileSync(path);
  return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
}

/** @param {string} path */
function ints(path) {
  const bytes = readFileSync(path);
  return new Int32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
}
