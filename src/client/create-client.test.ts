import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createServer } from '../server/create-server.js';
import { noJobs } from '../server/no-jobs.js';
import { ApiError, createClient } from './index.js';
import { eventsOf } from './watch-jobs.js';

const server = createServer({ collections: new Map(), jobs: noJobs }, { token: 'the right one', page: null });
let baseUrl = '';
beforeAll(async () => {
  baseUrl = await server.listen({ port: 0, host: '127.0.0.1' });
});
afterAll(() => server.close());

describe('the client', () => {
  it('gives what an answer holds, in the types of the document', async () => {
    const client = createClient({ baseUrl, token: 'the right one' });
    const session = await client.get('/api/v1/session');
    expect(session.authenticated satisfies boolean).toBe(true);
    const { collections } = await client.get('/api/v1/collections');
    expect(collections).toEqual([]);
    expect(await client.delete('/api/v1/session')).toBeUndefined();
  });

  it('throws what the server says is wrong', async () => {
    const client = createClient({ baseUrl: `${baseUrl}/`, token: 'the right one' });
    const asked = client.get('/api/v1/collections/{collection}', {
      params: { path: { collection: 'a/../b c' } },
    });
    const error = await asked.catch((thrown) => thrown);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({
      status: 404,
      code: 'collection-missing',
      problem: { type: 'urn:imagekin:collection-missing' },
    });
    expect(error.message).toContain('"a/../b c"');
    await expect(createClient({ baseUrl }).get('/api/v1/collections')).rejects.toMatchObject({ status: 401 });
  });

  it('throws of an answer that is not of imagekin as well', async () => {
    const fetch = async () =>
      new Response('<h1>down</h1>', {
        status: 502,
        headers: { 'content-type': 'text/html', 'retry-after': '7' },
      });
    const asked = createClient({ baseUrl, fetch }).get('/api/v1/collections');
    await expect(asked).rejects.toMatchObject({ status: 502, code: 'http', retryAfter: 7 });
  });

  it('watches one job until it has ended, over connections that are lost', async () => {
    const eventsOfJob = (...states: string[]) =>
      states.map((state) => `event: job\ndata: ${JSON.stringify({ id: '1', state })}\n\n`).join('');
    const answers = [eventsOfJob('queued', 'running'), eventsOfJob('running', 'done')];
    const asked: string[] = [];
    const fetch = async ({ url }: Request) => {
      asked.push(url);
      return new Response(answers[asked.length - 1], { headers: { 'content-type': 'text/event-stream' } });
    };
    const states: string[] = [];
    for await (const { state } of createClient({ baseUrl, fetch }).watchJobs({ id: '1' })) states.push(state);
    expect(states).toEqual(['queued', 'running', 'running', 'done']);
    expect(asked).toEqual([`${baseUrl}/api/v1/jobs/1/events`, `${baseUrl}/api/v1/jobs/1/events`]);
  });

  it('makes addresses of pictures', () => {
    const client = createClient({ baseUrl: 'http://here' });
    expect(client.pictureUrl('ä b', { id: 3, version: 'x&y' }, 'thumbnail')).toBe(
      'http://here/api/v1/collections/%C3%A4%20b/images/3/thumbnail?v=x%26y',
    );
  });
});

describe('a stream of events', () => {
  const read = async (...chunks: string[]) => {
    const encoder = new TextEncoder();
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const chunk of chunks) controller.enqueue(encoder.encode(chunk));
        controller.close();
      },
    });
    const found: string[] = [];
    for await (const data of eventsOf(body, 'job')) found.push(data);
    return found;
  };

  it('is read however it is cut', async () => {
    const text =
      ': heartbeat\n\nevent: job\nid: 1\ndata: {"a":1}\n\nevent: other\ndata: no\n\nevent:job\r\ndata: x\r\ndata:  y\r\n\r\n';
    const whole = await read(text);
    expect(whole).toEqual(['{"a":1}', 'x\n y']);
    for (let at = 1; at < text.length; at++)
      expect(await read(text.slice(0, at), text.slice(at)), `cut at ${at}`).toEqual(whole);
  });

  it('has no event that did not come whole', async () => {
    expect(await read('event: job\ndata: 1\n')).toEqual([]);
  });
});
