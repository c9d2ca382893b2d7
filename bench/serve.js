// @ts-check
/**
 * What `imagekin serve` stands: many clients at once that search by the ids of images, then by images that they send, each of them
 * another one, so that nothing is answered from memory. There is no peer.
 *
 * The collection is made by the command line and kept for the next time. What is sent are the small pictures of its images, each
 * with some bytes of its own behind its end, which decoders pass over.
 */
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { flagValues, wholeNumber } from './flags.js';
import { proportionalKiB, withChildren } from './peak-of-processes.js';
import { madeCollection, startServer } from './served-collection.js';
import { quantiles } from './side-by-side.js';
import { printTable } from './table.js';

export const name = 'serve';
export const summary = 'many clients that search a served collection at once, by id and by upload';
export const usage =
  '[--seconds 60] [--clients 32] [--k 24] [--source cifar10:test] [--model FILE] [--collection DIR]';

/** Before it is measured, the model is loaded and the processes that decode are there. */
const warmUpMs = 5000;
const memoryEveryMs = 1000;

/** @param {string[]} args */
export async function run(args) {
  const flags = flagValues(name, args, {
    seconds: '60',
    clients: '32',
    k: '24',
    source: 'cifar10:test',
    model: undefined,
    collection: undefined,
  });
  const seconds = wholeNumber(name, 'seconds', flags.seconds);
  const clients = wholeNumber(name, 'clients', flags.clients);
  const k = wholeNumber(name, 'k', flags.k);
  const collection = flags.collection ?? (await madeCollection(name, String(flags.source), flags.model));
  const server = await startServer(name, collection);
  try {
    const address = `${server.url}api/v1/collections/${await onlyCollection(server.url)}`;
    const ids = await someIds(address, 2000);
    const pictures = await Promise.all(
      ids.slice(0, 200).map(async (id) => (await ask(`${address}/images/${id}/thumbnail`)).body),
    );
    const byId = (/** @type {number} */ i) => idQuery(ids[(i * 7919) % ids.length] ?? 0, k);
    const byUpload = (/** @type {number} */ i) => uploadQuery(pictures[i % pictures.length], i, k);
    for (const query of [byId, byUpload]) await load(address, query, clients, warmUpMs, 1_000_000);
    const memory = watchMemory(server.pid);
    const cases = [];
    for (const [title, query] of /** @type {const} */ ([
      ['by id', byId],
      ['by upload', byUpload],
    ])) {
      await eventLoopP99Ms(server.url);
      const from = memory.samples.length;
      const found = await load(address, query, clients, seconds * 1000, 0);
      const delayMs = await eventLoopP99Ms(server.url);
      const some = memory.samples.slice(from);
      cases.push({
        ...describe(title, found),
        eventLoopDelayP99Ms: delayMs,
        memoryMiB: { first: head(some), last: head(some.toReversed()) },
      });
      console.error(`${title}: ${found.times.length} answers, ${found.errors.length} errors`);
    }
    memory.stop();
    const all = memory.samples;
    const minute = Math.min(60, Math.floor(all.length / 2));
    const first = mean(all.slice(0, minute));
    const last = mean(all.slice(-minute));
    return {
      images: ids.total,
      clients,
      seconds,
      k,
      cases,
      memory: { firstMiB: first, lastMiB: last, change: last / first - 1, mostMiB: Math.max(...all) },
    };
  } finally {
    await server.stop();
  }
}

/** @param {Awaited<ReturnType<typeof run>>} report */
export function print({ images, clients, seconds, k, cases, memory }) {
  console.log(`${images} images, ${clients} clients for ${seconds} s, k = ${k}`);
  printTable(
    [
      'searches',
      'answers/s',
      'errors',
      'p50 ms',
      'p99 ms',
      'most ms',
      'event loop p99 ms',
      'MiB at first',
      'at last',
    ],
    cases.map((one) => [
      one.name,
      one.ours.toFixed(1),
      String(one.errors.length),
      one.p50Ms.toFixed(1),
      one.p99Ms.toFixed(1),
      one.mostMs.toFixed(1),
      one.eventLoopDelayP99Ms.toFixed(1),
      one.memoryMiB.first.toFixed(0),
      one.memoryMiB.last.toFixed(0),
    ]),
  );
  const percent = (100 * memory.change).toFixed(1);
  console.log(
    `memory of all its processes: ${memory.firstMiB.toFixed(0)} MiB in the first minute, ${memory.lastMiB.toFixed(0)} in the last (${percent} %)`,
  );
  for (const { name: title, errors } of cases)
    for (const error of errors.slice(0, 5)) console.log(`${title}: ${error}`);
}

const agent = new Agent({ keepAlive: true, maxSockets: 1024 });

/**
 * @param {string} url
 * @param {{ type: string, body: Buffer }} [sent]
 * @returns {Promise<{ status: number, body: Buffer }>}
 */
function ask(url, sent) {
  return new Promise((resolve, reject) => {
    const headers = sent ? { 'content-type': sent.type, 'content-length': sent.body.length } : {};
    const asked = request(url, { method: sent ? 'POST' : 'GET', agent, headers }, (answer) => {
      /** @type {Buffer[]} */
      const chunks = [];
      answer.on('data', (chunk) => chunks.push(chunk));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body: Buffer.concat(chunks) }));
      answer.on('error', reject);
    });
    asked.on('error', reject);
    asked.end(sent?.body);
  });
}

/** @param {string} url */
async function json(url) {
  const { status, body } = await ask(url);
  if (status !== 200) throw new Error(`bench ${name}: ${url} says ${status}: ${body}`);
  return JSON.parse(body.toString());
}

/** @param {string} url */
async function onlyCollection(url) {
  const { collections } = await json(`${url}api/v1/collections`);
  return encodeURIComponent(collections[0].name);
}

/**
 * Ids spread over all images.
 * @param {string} address
 * @param {number} most
 */
async function someIds(address, most) {
  const { total } = await json(`${address}/images?limit=1`);
  const pages = Math.max(1, Math.ceil(Math.min(most, total) / 100));
  /** @type {number[]} */
  const ids = [];
  for (let page = 0; page < pages; page++) {
    const offset = Math.floor((page * total) / pages);
    const { images } = await json(`${address}/images?offset=${offset}&limit=100`);
    for (const { id } of images) ids.push(id);
  }
  return Object.assign(ids, { total: /** @type {number} */ (total) });
}

/**
 * @param {number} id
 * @param {number} k
 */
function idQuery(id, k) {
  return { type: 'application/json', body: Buffer.from(JSON.stringify({ like: [{ id }], k })) };
}

/**
 * @param {Buffer | undefined} picture
 * @param {number} i
 * @param {number} k
 */
function uploadQuery(picture, i, k) {
  const boundary = 'imagekin-bench-serve';
  const part = (/** @type {string} */ about) =>
    `--${boundary}\r\nContent-Disposition: form-data; ${about}\r\n`;
  return {
    type: `multipart/form-data; boundary=${boundary}`,
    body: Buffer.concat([
      Buffer.from(`${part('name="query"')}\r\n${JSON.stringify({ like: [{ file: 'a' }], k })}\r\n`),
      Buffer.from(`${part('name="a"; filename="a.webp"')}Content-Type: image/webp\r\n\r\n`),
      picture ?? Buffer.alloc(0),
      Buffer.from(` ${process.pid} ${i}`),
      Buffer.from(`\r\n--${boundary}--\r\n`),
    ]),
  };
}

/**
 * Each client asks again as soon as it has an answer.
 * @param {string} address
 * @param {(i: number) => { type: string, body: Buffer }} query
 * @param {number} clients
 * @param {number} ms
 * @param {number} first number of the first question
 */
async function load(address, query, clients, ms, first) {
  /** @type {number[]} */
  const times = [];
  /** @type {string[]} */
  const errors = [];
  const startedAt = performance.now();
  let next = first;
  const client = async () => {
    while (performance.now() - startedAt < ms) {
      const sent = query(next++);
      const askedAt = performance.now();
      try {
        const { status, body } = await ask(`${address}/search`, sent);
        if (status === 200 && JSON.parse(body.toString()).hits.length > 0)
          times.push(performance.now() - askedAt);
        else errors.push(`${status} ${body.toString().slice(0, 300)}`);
      } catch (error) {
        errors.push(String(error));
        await sleep(100);
      }
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  return { times, errors, seconds: (performance.now() - startedAt) / 1000 };
}

/**
 * @param {string} title
 * @param {Awaited<ReturnType<typeof load>>} found
 */
function describe(title, { times, errors, seconds }) {
  const at = quantiles(times);
  const rate = times.length / seconds;
  return {
    name: title,
    unit: 'answers/s',
    ours: rate,
    peer: null,
    peerName: null,
    ratio: null,
    spread: { ours: { min: rate, max: rate }, peer: null },
    answers: times.length,
    errors,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    mostMs: at(1),
  };
}

/**
 * Of the time since it was last asked.
 * @param {string} url
 */
async function eventLoopP99Ms(url) {
  const { body } = await ask(`${url}metrics`);
  const [, seconds] = body.toString().match(/^nodejs_eventloop_lag_p99_seconds ([\d.e+-]+)/m) ?? [];
  return 1000 * Number(seconds);
}

/** @param {number} pid */
function watchMemory(pid) {
  /** @type {number[]} */
  const samples = [];
  const sample = () => {
    const kibibytes = withChildren(pid).reduce((sum, one) => sum + proportionalKiB(one), 0);
    samples.push(kibibytes / 1024);
  };
  sample();
  const timer = setInterval(sample, memoryEveryMs);
  return { samples, stop: () => clearInterval(timer) };
}

/** @param {number[]} values */
function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

/**
 * The mean of the first sixth.
 * @param {number[]} values
 */
function head(values) {
  return mean(values.slice(0, Math.max(1, Math.floor(values.length / 6))));
}
