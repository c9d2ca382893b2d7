import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
// The compiled one, as only that has threads to start.
import { openCollectionService as compiled } from '../../dist/app/service/open-collection-service.js';
import type { openCollectionService as uncompiled } from '../../src/app/service/open-collection-service.js';
import { collectionServiceContract } from '../contracts/collection-service.js';
import { picturesCollection, servedPictures } from '../fixtures/served-pictures.js';

const openCollectionService = compiled as unknown as typeof uncompiled;

collectionServiceContract('in threads', () => servedPictures(openCollectionService));

const faulty = new URL('../fixtures/answering-service-thread.mjs', import.meta.url);

describe('a service whose threads fail', () => {
  let directory: string;
  let remove: () => Promise<void>;
  beforeAll(async () => {
    ({ directory, remove } = await picturesCollection());
  });
  afterAll(() => remove());

  type Options = Parameters<typeof openCollectionService>[2];
  async function opened(options: Options = {}) {
    const lost: string[] = [];
    const service = await openCollectionService(
      'pictures',
      directory,
      { ...options, onLost: (lane, why) => lost.push(`${lane}: ${why}`) },
      faulty,
    );
    onTestFinished(() => service.close());
    const ask = (fault: object, signal?: AbortSignal) =>
      service.call('images', fault as never, signal ? { signal } : {});
    return { service, lost, ask };
  }

  const unavailable = { name: 'ImagekinError', code: 'service-unavailable' };

  for (const [fault, why] of [
    ['exit', 'exit code 7'],
    ['throw', 'a bug somewhere'],
  ] as const)
    it(`answers by another thread where one has ended (${fault})`, async () => {
      const { service, lost, ask } = await opened();
      const beside = ask({ fault: 'wait', ms: 5000 });
      const failed = ask({ fault });
      await expect(failed).rejects.toMatchObject(unavailable);
      await expect(beside).rejects.toMatchObject(unavailable);
      expect((await service.call('images', {})).total).toBe(17);
      expect(lost).toEqual([`read: ${why}`]);
    });

  it('outlives a thread that runs out of memory', async () => {
    const { service, lost, ask } = await opened({ heapMiB: 40 });
    await expect(ask({ fault: 'hoard' })).rejects.toMatchObject(unavailable);
    expect((await service.call('images', {})).total).toBe(17);
    expect(lost[0]).toMatch(/^read: .*memory/);
  });

  it('replaces a thread that hangs, and lets it end when it hears again', async () => {
    const { service, lost, ask } = await opened({ silenceMs: 400 });
    const startedAt = performance.now();
    await expect(ask({ fault: 'hang', ms: 3000 })).rejects.toMatchObject(unavailable);
    expect(performance.now() - startedAt).toBeLessThan(2500);
    expect((await service.call('images', {})).total).toBe(17);
    expect(lost).toEqual(['read: silent for 0.4 s']);
  });

  it('gives up what takes too long, and keeps the thread that still hears', async () => {
    // Long enough for the answer that is to come, also on a busy machine.
    const { service, lost, ask } = await opened({ answerMs: 2000 });
    await expect(ask({ fault: 'never' })).rejects.toMatchObject(unavailable);
    expect((await service.call('images', {})).total).toBe(17);
    expect(lost).toEqual([]);
  });

  it('refuses more than may wait, and forgets who has gone', async () => {
    const { ask } = await opened({ waiting: 2 });
    const running = Array.from({ length: 8 }, () => ask({ fault: 'wait', ms: 600 }));
    const gone = new AbortController();
    const waiting = ask({}, gone.signal);
    const last = ask({});
    await expect(ask({})).rejects.toMatchObject(unavailable);
    gone.abort(new Error('gone'));
    await expect(waiting).rejects.toThrow('gone');
    await expect(ask({})).resolves.toMatchObject({ total: 17 });
    await expect(last).resolves.toMatchObject({ total: 17 });
    await Promise.all(running);
  });

  it('says what cannot go from thread to thread, and goes on', async () => {
    const { service, ask } = await opened();
    await expect(ask({ filter: () => {} })).rejects.toThrow(/could not be cloned/);
    await expect(ask({ fault: 'untold' })).rejects.toThrow(/could not be cloned/);
    expect((await service.call('images', {})).total).toBe(17);
  });

  it('answers what was asked before it is closed, and nothing after that', async () => {
    const { service, ask } = await opened();
    const before = ask({ fault: 'wait', ms: 300 });
    const closing = service.close();
    await expect(ask({})).rejects.toMatchObject(unavailable);
    await expect(before).resolves.toMatchObject({ waited: 300 });
    await closing;
  });

  it('says at once that there is no collection', async () => {
    await expect(openCollectionService('none', `${directory}-none`)).rejects.toMatchObject({
      code: 'collection-missing',
    });
  });
});
