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
 * @typedef {import('./step-process.js').Hello & { seconds: number, expansion?: number | null, quantization?: string | null,
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
      const side = new Sides(data, options, scratch);
      for (const work of /** @type {const} */ (['batch', 'single']))
        cases.push(await side.compare('exact', work, 'faiss-flat', details));
      for (const peer of /** @type {const} */ (['faiss-hnsw', 'hnswlib']))
        for (const work of /** @type {const} */ (['batch', 'single']))
          cases.push(await side.compare('hnsw', work, peer, details));
      cases.push(...side.builds());
      for (const kind of ['exact', 'hnsw']) {
        const found = await jsonProcess(process.execPath, side.oursArgs(kind, 'filtered'));
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
    ['case', 'side', 'recall@10', 'looks at', 'peak memory'],
    details.map(({ name, side, recallAt10, expansion, peakMiB }) => [
      name,
      side,
      recallAt10.toFixed(4),
      expansion === null ? 'all' : `${expansion}`,
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
  /** @type {Map<string, number[]>} seconds that building took, by side */
  #builds = new Map();
  /** @type {Map<string, string>} */
  #names = new Map();
  #indexes = 0;

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

  /** @param {string} kind @param {string} work @param {string} [index] directory of the index; default: that of the last build */
  oursArgs(kind, work, index = join(this.scratch, `${this.data.name}-${kind}-${this.#indexes}`)) {
    return [oursPath, '--kind', kind, '--index', index, ...this.#flags(work)];
  }

  /**
   * Queries a second of both sides.
   * @param {'exact' | 'hnsw'} kind
   * @param {'batch' | 'single'} work
   * @param {'faiss-flat' | 'faiss-hnsw' | 'hnswlib'} peer
   * @param {{ name: string, side: string, recallAt10: number, expansion: number | null, peakMiB: number }[]} details
   * @returns {Promise<import('./main.js').Case>}
   */
  async compare(kind, work, peer, details) {
    const { data, options } = this;
    const name = `${data.name}, ${kind}, ${work === 'batch' ? `${data.queries} queries at once` : 'one query at a time'}`;
    const python = peer === 'hnswlib' ? this.#python.hnswlib : this.#python.faiss;
    // Each process builds an index of its own, so that building is timed as often as there are processes.
    if (kind === 'hnsw' || this.#indexes === 0) this.#indexes++;
    const ours = await this.#start(kind, process.execPath, this.oursArgs(kind, work));
    const theirs = python
      ? await this.#start(peer, python.command, [peerPath, '--peer', peer, ...this.#flags(work)])
      : null;
    const perStep = work === 'batch' ? data.queries : 1;
    // One at a time, as many as fill about a second of the slower side.
    const steps = work === 'batch' ? 1 : kind === 'exact' ? 40 : 1000;
    /** @param {StepProcess} side @param {number[]} recalls */
    const rate = async (side, recalls) => {
      const { seconds, loss } = await side.time(steps);
      recalls.push(loss);
      return (steps * perStep) / seconds;
    };
    /** @type {{ ours: number[], theirs: number[] }} */
    const recalls = { ours: [], theirs: [] };
    try {
      const measured = await sideBySide({
        runs: options.runs,
        ours: () => rate(ours.side, recalls.ours),
        peer: theirs ? () => rate(theirs.side, recalls.theirs) : null,
        onProgress: (message) => console.error(`${name}, ${peer}: ${message} queries/s`),
      });
      if (work === 'batch')
        for (const [side, started, found] of /** @type {const} */ ([
          ['imagekin', ours, recalls.ours],
          [theirs?.hello.name ?? peer, theirs, recalls.theirs],
        ]))
          if (started)
            details.push({
              name,
              side: started === ours && kind === 'hnsw' ? `${side} ${ours.hello.quantization}` : side,
              recallAt10: found[0],
              expansion: started.hello.expansion ?? null,
              peakMiB: started.side.peakMiB,
            });
      return {
        name,
        unit: 'queries/s',
        ...measured,
        peerName: theirs?.hello.name ?? peer,
        ratio: measured.peer && measured.ours / measured.peer,
      };
    } finally {
      await Promise.all([ours.side.end(), theirs?.side.end()]);
    }
  }

  /** The time that building took, all that our index needs to be opened again included. */
  builds() {
    const ours = this.#builds.get('hnsw') ?? [];
    return ['faiss-hnsw', 'hnswlib'].map((peer) => {
      const theirs = this.#builds.get(peer);
      return {
        name: `${this.data.name}, hnsw, building`,
        unit: 's',
        ours: median(ours),
        peer: theirs ? median(theirs) : null,
        peerName: this.#names.get(peer) ?? peer,
        ratio: theirs ? median(theirs) / median(ours) : null,
        spread: {
          ours: range(ours),
          peer: theirs ? range(theirs) : null,
        },
      };
    });
  }

  /** @param {string} name of the side @param {string} command @param {string[]} args */
  async #start(name, command, args) {
    const side = await StepProcess.start(command, args);
    const hello = /** @type {SearchHello} */ (side.hello);
    this.#builds.set(name, [...(this.#builds.get(name) ?? []), hello.seconds]);
    this.#names.set(name, hello.name);
    console.error(`${this.data.name}, ${name}: ready after ${hello.seconds.toFixed(1)} s`);
    return { side, hello };
  }

  /** @param {string} work */
  #flags(work) {
    const { data, options } = this;
    return [
      ...['--work', work, '--data', data.directory, '--dimension', `${data.dimension}`],
      ...['--threads', `${options.threads}`],
    ];
  }
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
