// @ts-check
/**
 * Searching vectors that were made from real images: exactly, against FAISS's flat index, and approximately, against FAISS's HNSW and
 * hnswlib, all sides at a recall of 0.95 or more. And what a search among some of them takes.
 */
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { flagValues, wholeNumber } from './flags.js';
import { jsonProcess } from './json-process.js';
import { imageVectors } from './ours/image-vectors.js';
import { pythonWith } from './python.js';
import { median, range, sideBySide } from './side-by-side.js';
import { StepProcess } from './step-process.js';
import { printCases, printTable } from './table.js';

export const name = 'search';
export const summary = 'exact, approximate and filtered search, against FAISS and hnswlib';
export const usage =
  '[--json] [--vectors 200000] [--queries 2000] [--runs 5] [--threads 2] [--source cifar10|emoji|...] [--sift DIR|none]';

const k = 10;
/** Queries that the nearest are worked out of by brute force, for recall. */
const truthQueries = 200;
const oursPath = fileURLToPath(new URL('./ours/search.js', import.meta.url));
const peerPath = fileURLToPath(new URL('./peers/search_peer.py', import.meta.url));

/**
 * @typedef {{ name: string, directory: string, vectors: number, dimension: number, queries: number }} DataSet
 * @typedef {import('./step-process.js').Hello & { seconds: number, cpuSeconds: number, expansion?: number | null, quantization?: string | null,
 *   recall?: { recallAt10: number } | null }} SearchHello
 */

/** @param {string[]} args */
export async function run(args) {
  const options = parse(args);
  const scratch = await mkdtemp(join(os.tmpdir(), 'imagekin-bench-'));
  try {
    /** @type {import('./main.js').Case[]} */
    const cases = [];
    const details = [];
    const filtered = [];
    for (const data of await dataSets(options, scratch)) {
      const sides = new Sides(data, options, scratch);
      for (const kind of /** @type {const} */ (['exact', 'hnsw'])) {
        const measured = await sides.compare(kind);
        cases.push(...measured.cases);
        details.push(...measured.details);
        const found = await jsonProcess(process.execPath, [...sides.ours(kind), '--filtered']);
        for (const row of found) filtered.push({ data: data.name, kind, ...row });
      }
    }
    return { cases, details, filtered };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** @param {Awaited<ReturnType<typeof run>>} report */
export function print({ cases, details, filtered }) {
  printCases({ cases });
  console.log();
  printTable(
    ['case', 'side', 'recall@10', 'looks at', 'cores, a query', 'cores, building', 'peak memory'],
    details.map(({ name, side, recallAt10, expansion, cpuMsPerQuery, buildCpuSeconds, peakMiB }) => [
      name,
      side,
      recallAt10.toFixed(4),
      expansion === null ? 'all' : `${expansion}`,
      `${cpuMsPerQuery.toPrecision(3)} ms`,
      `${buildCpuSeconds.toFixed(1)} s`,
      `${peakMiB.toFixed(0)} MiB`,
    ]),
  );
  console.log();
  printTable(
    ['search among', 'index', 'vectors', 'p50', 'p99', 'equals brute force'],
    filtered.map(({ data, kind, share, vectors, p50Ms, p99Ms, equalsBruteForce }) => [
      `${share * 100} % of ${data}`,
      kind,
      `${vectors}`,
      `${p50Ms.toFixed(2)} ms`,
      `${p99Ms.toFixed(2)} ms`,
      equalsBruteForce ? 'yes' : 'NO',
    ]),
  );
}

/** Both sides of the cases of one data set. */
class Sides {
  #python = { faiss: pythonWith('faiss', 'numpy'), hnswlib: pythonWith('hnswlib', 'numpy') };

  /** @param {DataSet} data @param {ReturnType<typeof parse>} options @param {string} scratch */
  constructor(data, options, scratch) {
    this.data = data;
    this.options = options;
    this.scratch = scratch;
    if (!this.#python.faiss || !this.#python.hnswlib)
      console.error(
        'FAISS or hnswlib is not installed, so ours runs alone there; `apt-get install python3-faiss python3-hnswlib` brings them ' +
          'on Debian and Ubuntu (see bench/README.md).',
      );
  }

  /** Arguments for our side. @param {string} kind */
  ours(kind) {
    return [oursPath, '--kind', kind, '--index', join(this.data.directory, kind), ...this.#flags()];
  }

  /**
   * Our index of a kind and its peers.
   * @param {'exact' | 'hnsw'} kind
   */
  async compare(kind) {
    const { data } = this;
    /** @type {import('./main.js').Case[]} */
    const cases = [];
    const details = [];
    const ours = await this.#start('imagekin', process.execPath, this.ours(kind));
    try {
      for (const peer of kind === 'exact' ? ['faiss-flat'] : ['faiss-hnsw', 'hnswlib']) {
        const python = peer === 'hnswlib' ? this.#python.hnswlib : this.#python.faiss;
        const args = [peerPath, '--peer', peer, ...this.#flags()];
        const theirs = python ? await this.#start(peer, python.command, args) : null;
        try {
          if (kind === 'hnsw') cases.push(building(data, ours.hello, theirs?.hello ?? null, peer));
          for (const work of /** @type {const} */ (['batch', 'single'])) {
            const { recalls, cpu, ...measured } = await this.#measure(
              kind,
              work,
              peer,
              ours.side,
              theirs?.side,
            );
            cases.push(measured);
            for (const [side, found, cpuMs] of /** @type {const} */ ([
              [ours, recalls.ours, cpu.ours],
              [theirs, recalls.theirs, cpu.theirs],
            ]))
              if (side)
                details.push({
                  name: measured.name,
                  side: side.hello.quantization
                    ? `${side.hello.name} ${side.hello.quantization}`
                    : side.hello.name,
                  recallAt10: found,
                  expansion: side.hello.expansion ?? null,
                  cpuMsPerQuery: cpuMs,
                  buildCpuSeconds: side.hello.cpuSeconds,
                  peakMiB: side.side.peakMiB,
                });
          }
        } finally {
          await theirs?.side.end();
        }
      }
    } finally {
      await ours.side.end();
    }
    return { cases, details };
  }

  /**
   * Queries a second of both sides.
   * @param {'exact' | 'hnsw'} kind
   * @param {'batch' | 'single'} work
   * @param {string} peer
   * @param {StepProcess} ours
   * @param {StepProcess} [theirs]
   */
  async #measure(kind, work, peer, ours, theirs) {
    const { data, options } = this;
    const name = `${data.name}, ${kind}, ${work === 'batch' ? `${data.queries} queries at once` : 'one query at a time'}`;
    const perStep = work === 'batch' ? data.queries : 1;
    // One at a time, as many as make the clock's grain and the call's own time of no account.
    const steps = work === 'batch' ? 1 : kind === 'exact' ? 40 : Math.min(1000, data.queries);
    /** @param {StepProcess} side @param {{ recall: number, cpu: number[] }} figures */
    const rate = async (side, figures) => {
      const { seconds, loss, cpuSeconds = Number.NaN } = await side.time(steps, work);
      figures.recall = loss;
      figures.cpu.push((1000 * cpuSeconds) / (steps * perStep));
      return (steps * perStep) / seconds;
    };
    /** @type {{ recall: number, cpu: number[] }[]} */
    const [a, b] = [
      { recall: Number.NaN, cpu: [] },
      { recall: Number.NaN, cpu: [] },
    ];
    const measured = await sideBySide({
      runs: options.runs,
      ours: () => rate(ours, a),
      peer: theirs ? () => rate(theirs, b) : null,
      onProgress: (message) => console.error(`${name}, ${peer}: ${message} queries/s`),
    });
    return {
      name,
      unit: 'queries/s',
      ...measured,
      peerName: theirs?.hello.name ?? peer,
      ratio: measured.peer && measured.ours / measured.peer,
      recalls: { ours: a.recall, theirs: b.recall },
      cpu: { ours: median(a.cpu), theirs: theirs ? median(b.cpu) : Number.NaN },
    };
  }

  /** @param {string} name of the side @param {string} command @param {string[]} args */
  async #start(name, command, args) {
    const side = await StepProcess.start(command, args);
    const hello = /** @type {SearchHello} */ (side.hello);
    const { seconds, cpuSeconds } = hello;
    console.error(
      `${this.data.name}, ${name}: ready after ${seconds.toFixed(1)} s, ${cpuSeconds.toFixed(1)} s of cores`,
    );
    return { side, hello };
  }

  #flags() {
    const { data, options } = this;
    return ['--data', data.directory, '--dimension', `${data.dimension}`, '--threads', `${options.threads}`];
  }
}

/**
 * The time that building took, once; ours with all that it writes, and with the measurement of its recall.
 * @param {DataSet} data @param {SearchHello} ours @param {SearchHello | null} theirs @param {string} peer
 * @returns {import('./main.js').Case}
 */
function building(data, ours, theirs, peer) {
  return {
    name: `${data.name}, hnsw, building`,
    unit: 's',
    ours: ours.seconds,
    peer: theirs?.seconds ?? null,
    peerName: theirs?.name ?? peer,
    ratio: theirs && theirs.seconds / ours.seconds,
    spread: { ours: range([ours.seconds]), peer: theirs && range([theirs.seconds]) },
  };
}

/** @param {ReturnType<typeof parse>} options @param {string} scratch @returns {Promise<DataSet[]>} */
async function dataSets({ vectors, queries, source, sift }, scratch) {
  const made = await imageVectors({ source, count: vectors, queries }, (message) => console.error(message));
  const sets = [await written(scratch, `${vectors} vectors of ${source}`, made)];
  if (sift !== undefined) {
    const base = fvecs(join(sift, 'siftsmall_base.fvecs'));
    const asked = fvecs(join(sift, 'siftsmall_query.fvecs'));
    sets.push(
      await written(scratch, 'siftsmall', {
        vectors: base.values,
        queries: asked.values,
        dimension: base.dimension,
      }),
    );
  }
  return sets;
}

/**
 * Writes what both sides read: vectors, queries, and the nearest by brute force in float64.
 * @param {string} scratch
 * @param {string} name
 * @param {{ vectors: Float32Array, queries: Float32Array, dimension: number }} data
 * @returns {Promise<DataSet>}
 */
async function written(scratch, name, { vectors, queries, dimension }) {
  const directory = await mkdtemp(join(scratch, 'data-'));
  const known = Math.min(truthQueries, queries.length / dimension);
  const truth = new Int32Array(known * k);
  const scores = new Float64Array(vectors.length / dimension);
  for (let query = 0; query < known; query++) {
    for (let row = 0; row < scores.length; row++) {
      let score = 0;
      for (let i = 0; i < dimension; i++)
        score += queries[query * dimension + i] * vectors[row * dimension + i];
      scores[row] = score;
    }
    truth.set(largest(scores), query * k);
  }
  await Promise.all([
    writeFile(join(directory, 'vectors'), vectors),
    writeFile(join(directory, 'queries'), queries),
    writeFile(join(directory, 'truth'), truth),
  ]);
  return {
    name,
    directory,
    dimension,
    vectors: vectors.length / dimension,
    queries: queries.length / dimension,
  };
}

/** Where the k largest stand. @param {Float64Array} scores */
function largest(scores) {
  /** @type {number[]} */
  const best = [];
  for (let i = 0; i < scores.length; i++) {
    if (best.length === k && scores[i] <= scores[best[k - 1]]) continue;
    let at = best.length;
    while (at > 0 && scores[i] > scores[best[at - 1]]) at--;
    best.splice(at, 0, i);
    if (best.length > k) best.pop();
  }
  return best;
}

/**
 * A file of vectors as TEXMEX has them: before each its length, int32. Scaled to unit length, as all vectors here are.
 * @param {string} path
 */
function fvecs(path) {
  const bytes = readFileSync(path);
  const dimension = bytes.readInt32LE(0);
  const count = bytes.length / (4 + 4 * dimension);
  const values = new Float32Array(count * dimension);
  for (let row = 0; row < count; row++) {
    const vector = Float64Array.from({ length: dimension }, (_, i) =>
      bytes.readFloatLE(row * (4 + 4 * dimension) + 4 + 4 * i),
    );
    const length = Math.hypot(...vector) || 1;
    values.set(
      vector.map((value) => value / length),
      row * dimension,
    );
  }
  return { values, dimension };
}

/** @param {string[]} args */
function parse(args) {
  const values = flagValues(name, args, {
    vectors: '200000',
    queries: '2000',
    runs: '5',
    threads: '2',
    source: process.env.IMAGEKIN_DATA ? 'cifar10' : 'emoji',
    sift: undefined,
  });
  const number = (/** @type {string} */ flag) => wholeNumber(name, flag, values[flag]);
  const root = process.env.IMAGEKIN_TEST_DATA ?? fileURLToPath(new URL('../../shared', import.meta.url));
  const sift = values.sift ?? join(root, 'data', 'siftsmall');
  return {
    vectors: number('vectors'),
    queries: number('queries'),
    runs: number('runs'),
    threads: number('threads'),
    source: values.source ?? '',
    sift: existsSync(join(sift, 'siftsmall_base.fvecs')) ? sift : undefined,
  };
}
