// @ts-check
/**
 * What a search costs from outside: a collection held open by `imagekin search <collection> - --jsonl`, asked one query at a
 * time, from the line that goes in to the line that comes out. There is no peer.
 *
 * The vectors are synthetic and lie in the catalog only, as do the images: queries by id need no files. With a model there are
 * also queries by files that the collection does not have, JPEG of 640 × 480, which are decoded and embedded.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { Collection } from '../dist/collection/collection.js';
import { decodeModel } from '../dist/embedding/model-file.js';
import { flagValues, wholeNumber } from './flags.js';
import { clusteredVectors } from './ours/clustered-vectors.js';
import { quantiles } from './side-by-side.js';
import { printTable } from './table.js';
import { UsageError } from './usage-error.js';

export const name = 'search-command';
export const summary = 'time per query of imagekin search on a collection that is held open';
export const usage = '[--images 200000] [--queries 500] [--k 10] [--model FILE]';

const command = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const labels = 20;
const vectorsAtOnce = 10_000;

/** @param {string[]} args */
export async function run(args) {
  const flags = flagValues(name, args, { images: '200000', queries: '500', k: '10', model: undefined });
  const images = wholeNumber(name, 'images', flags.images);
  const queries = wholeNumber(name, 'queries', flags.queries);
  const k = wholeNumber(name, 'k', flags.k);
  const directory = await mkdtemp(join(tmpdir(), 'imagekin-search-command-'));
  try {
    const model = flags.model === undefined ? undefined : await readFile(flags.model);
    const collection = join(directory, 'bench.kin');
    const dimension = await makeCollection(collection, images, model);
    const ids = Array.from({ length: queries }, (_, i) => `id:${1 + ((i * 7919) % images)}`);
    const ask = (/** @type {string} */ title, /** @type {string[]} */ lines, /** @type {string[]} */ more) =>
      latencies(title, collection, lines, ['-k', String(k), ...more]);
    const found = [
      await ask('by id', ids, []),
      await ask('by id, one label of 20', ids, ['--filter', 'label = l7']),
      await ask('by id, width > 800', ids, ['--filter', 'width > 800']),
      await ask('by id, one page in ten, that differ', ids, ['--diversity', '0.3', '--page', '10']),
    ];
    if (model) found.push(await ask('by file', await queryFiles(directory, queries), []));
    return { images, dimension, k, cases: found };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** @param {Awaited<ReturnType<typeof run>>} report */
export function print({ images, dimension, k, cases }) {
  console.log(`${images} images, vectors of ${dimension}, k = ${k}`);
  printTable(
    ['queries', 'number', 'p50 ms', 'p99 ms', 'first answer ms'],
    cases.map(({ name: title, number, p50Ms, p99Ms, firstMs }) => [
      title,
      String(number),
      p50Ms.toFixed(2),
      p99Ms.toFixed(2),
      firstMs.toFixed(0),
    ]),
  );
}

/**
 * @param {string} directory
 * @param {number} images
 * @param {Buffer | undefined} modelBytes without it there is a model in name only, which no query by id asks for
 */
async function makeCollection(directory, images, modelBytes) {
  const bytes = modelBytes ?? Buffer.from('no model');
  const id = modelBytes
    ? decodeModel(modelBytes, 'model').id
    : createHash('sha256').update(bytes).digest('hex');
  const dimension = modelBytes ? decodeModel(modelBytes, 'model').dimension : 128;
  const collection = await Collection.create(directory, { id, name: 'bench', dimension, bytes });
  const { catalog, vectors } = collection;
  const source = catalog.write(() => catalog.sources.add('/bench', '/bench').number);
  const all = clusteredVectors({ items: images, dimension, classes: 1000 });
  for (let from = 0; from < images; from += vectorsAtOnce) {
    const count = Math.min(vectorsAtOnce, images - from);
    catalog.write(() => {
      const ids = catalog.images.put(
        Array.from({ length: count }, (_, j) => {
          const i = from + j;
          return {
            path: `/bench/folder-${i % 997}/${i}.jpg`,
            entry: '',
            size: 100_000 + i,
            mtime: 1.7e12 + i,
            source,
            name: `folder-${i % 997}/${i}.jpg`,
            sha256: createHash('sha256').update(String(i)).digest('hex'),
            width: 400 + ((i * 37) % 2000),
            height: 300 + ((i * 31) % 2000),
            format: 'jpeg',
            label: `l${i % labels}`,
            split: null,
            metadata: { iso: 100 * (i % 64), camera: `camera ${i % 7}` },
          };
        }),
      );
      vectors.put(ids, all.subarray(from * dimension, (from + count) * dimension));
    });
  }
  collection.close();
  return dimension;
}

/**
 * Photographs of 640 × 480 with something in them, as JPEG.
 * @param {string} directory
 * @param {number} count
 */
async function queryFiles(directory, count) {
  const paths = Array.from({ length: Math.min(count, 50) }, (_, i) => join(directory, `${i}.jpg`));
  for (const [i, path] of paths.entries())
    await writeFile(
      path,
      await sharp({
        create: {
          width: 640,
          height: 480,
          channels: 3,
          background: { r: 0, g: 0, b: 0 },
          noise: { type: 'gaussian', mean: 60 + i, sigma: 40 },
        },
      })
        .jpeg()
        .toBuffer(),
    );
  return Array.from({ length: count }, (_, i) => /** @type {string} */ (paths[i % paths.length]));
}

/**
 * Asks one line at a time, and times each from when it is written to when its answer has been read.
 * @param {string} title
 * @param {string} collection
 * @param {string[]} queries
 * @param {string[]} flags
 */
async function latencies(title, collection, queries, flags) {
  const startedAt = performance.now();
  const child = spawn(
    process.execPath,
    [command, 'search', collection, '-', '--jsonl', '--quiet', ...flags],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  /** @type {number[]} */
  const times = [];
  let firstMs = 0;
  for (const [i, query] of queries.entries()) {
    const askedAt = performance.now();
    child.stdin.write(`${query}\n`);
    const { value, done } = await answers.next();
    if (done) throw new UsageError(`bench ${name}: the search ended after ${i} queries`);
    if (JSON.parse(value).error) throw new UsageError(`bench ${name}: ${value}`);
    if (i === 0) firstMs = performance.now() - startedAt;
    else times.push(performance.now() - askedAt);
  }
  child.stdin.end();
  await new Promise((resolve) => child.on('close', resolve));
  const at = quantiles(times);
  console.error(`${title}: p50 ${at(0.5).toFixed(2)} ms`);
  return { name: title, unit: 'ms', number: times.length, p50Ms: at(0.5), p99Ms: at(0.99), firstMs };
}
