import { readFile } from 'node:fs/promises';
import { Agent, type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiDocument } from '../fixtures/api-document.js';
import { damagedFiles } from '../fixtures/damaged-files.js';
import { type FuzzedRequest, fuzzedRequests } from '../fixtures/fuzzed-requests.js';
import { picturesCollection } from '../fixtures/served-pictures.js';
import { CommandLine, type Running } from './command-line.js';

const requests = Number(process.env.IMAGEKIN_FUZZ_REQUESTS ?? 1000);
const seed = Number(process.env.IMAGEKIN_FUZZ_SEED ?? 7);
const atOnce = 12;

const cli = new CommandLine();
let made: Awaited<ReturnType<typeof picturesCollection>>;
let running: Running;
let url: URL;

beforeAll(async () => {
  made = await picturesCollection();
  running = cli.start('serve', made.directory, '--port', '0', '--json', '--max-upload', '1');
  await running.said('serving 1 collection at');
  url = new URL(/serving 1 collection at (\S+)/.exec(running.stderr())![1]!);
});

afterAll(async () => {
  running.child.kill('SIGTERM');
  await running.ended;
  await made.remove();
});

describe('the API', () => {
  it(`answers ${requests} requests, half of them with something wrong, as its document says, and never by an error of its own`, {
    timeout: 300_000,
  }, async () => {
    const api = new ApiDocument(JSON.parse((await get('/openapi.json')).body.toString()));
    const picture = await readFile(join(made.pictures, 'amber', '0.png'));
    const damaged = (await damagedFiles(12, seed))
      .map(({ bytes }) => bytes)
      .filter((b) => b.length < 100_000);
    const all = fuzzedRequests(api, {
      collection: 'pictures',
      files: [
        picture,
        picture,
        Buffer.alloc(0),
        Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'),
        ...damaged,
      ],
      filters: [
        'label = amber',
        'label in (amber, blue) and width > 3',
        'not missing(label)',
        'name ~ "*.png"',
        '',
      ],
      // What starts work that takes all cores, and what leaves nothing to look at.
      weights: {
        startJob: 0.15,
        retryJob: 0.1,
        addImages: 0.15,
        removeImages: 0.08,
        removeImage: 0.05,
        watchJobs: 0.1,
        watchJob: 0.2,
      },
    });
    const queue = fc.sample(all, { seed, numRuns: requests });
    const faults: string[] = [];
    const statuses = new Map<string, number>();
    const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
    const worker = async () => {
      for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
        const answer = await ask(next, agent);
        const kind = `${next.operation.id} ${answer.status}`;
        statuses.set(kind, (statuses.get(kind) ?? 0) + 1);
        for (const fault of faultsOf(api, next, answer))
          faults.push(`${shown(next)}\n  ${answer.status} ${fault}`);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
    agent.destroy();
    expect(faults.slice(0, 20)).toEqual([]);
    // Whether it was any use: each operation was understood, and refused.
    for (const { id } of api.operations) {
      const asked = [...statuses].filter(([kind]) => kind.startsWith(`${id} `));
      const times = asked.reduce((sum, [, count]) => sum + count, 0);
      if (times < 30) continue;
      const said = asked.map(([kind, count]) => `${kind} ${count} times`).join(', ');
      const of = asked.map(([kind]) => Number(kind.split(' ')[1]));
      if (!neverThere.includes(id))
        expect(
          of.some((status) => status >= 200 && status < 400),
          said,
        ).toBe(true);
      if (!neverWrong.includes(id))
        expect(
          of.some((status) => status >= 400),
          said,
        ).toBe(true);
    }
    expect((await get('/healthz')).status).toBe(200);
    expect((await get('/readyz')).status).toBe(200);
    expect(running.stderr()).not.toContain('unexpected error');
  });
});

/** What takes nothing that could be wrong. */
const neverWrong = ['getSession', 'closeSession', 'listCollections', 'listJobs', 'watchJobs'];
/** Whose parts of addresses are ids of jobs, which no generator guesses; and what no job has made yet. */
const neverThere = [
  'getJob',
  'listJobFailures',
  'cancelJob',
  'retryJob',
  'watchJob',
  'getConfusion',
  'getMapPoints',
];

/** In the place of a status. */
const cutOff = 0;

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: Buffer;
}

function faultsOf(api: ApiDocument, { method, path }: FuzzedRequest, answer: Answer): readonly string[] {
  if (answer.status === cutOff) return [];
  if (answer.status >= 500 && answer.status !== 503) return [answer.body.toString()];
  // What was put into the address may have made another one of it.
  const operation = api.operationOf(method, path.split('?', 1)[0]!);
  if (operation) return api.faults(operation, answer);
  if (answer.status >= 400)
    return answer.type.startsWith('application/problem+json') ? [] : [`has type ${answer.type}`];
  return [];
}

function get(path: string): Promise<Answer> {
  return ask({ method: 'GET', path, headers: {}, body: null });
}

function ask(
  { method, path, headers, body }: Omit<FuzzedRequest, 'operation'>,
  agent?: Agent,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const length = body === null ? {} : { 'content-length': String(body.length) };
    const asked = request({
      host: url.hostname,
      port: url.port,
      method,
      path,
      headers: { ...headers, ...length },
      agent,
    });
    const ended = (response: IncomingMessage, chunks: readonly Buffer[]) =>
      resolve({
        status: response.statusCode!,
        type: response.headers['content-type'] ?? '',
        body: Buffer.concat(chunks),
      });
    asked.on('response', (response) => {
      const chunks: Buffer[] = [];
      // These go on for as long as somebody listens.
      if (response.headers['content-type']?.startsWith('text/event-stream')) {
        asked.destroy();
        return ended(response, []);
      }
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => ended(response, chunks));
      response.on('error', reject);
    });
    asked.on('error', (error: NodeJS.ErrnoException) => {
      // A refusal may come, and the connection end, before all of a body was sent.
      if (error.code === 'EPIPE' || error.code === 'ECONNRESET')
        resolve({ status: cutOff, type: '', body: Buffer.from('') });
      else reject(error);
    });
    asked.end(body ?? undefined);
  });
}

function shown({ method, path, headers, body }: FuzzedRequest): string {
  return `${method} ${path.slice(0, 300)} ${JSON.stringify(headers)} ${body?.toString('latin1').slice(0, 300) ?? ''}`;
}
