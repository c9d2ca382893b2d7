import { describe, expect, it } from 'vitest';
import { mapConcurrently } from './concurrency.js';

const tick = () => new Promise((resolve) => setImmediate(resolve));

describe('mapConcurrently', () => {
  it('does every index once, and never more at a time than allowed', async () => {
    const done: number[] = [];
    let running = 0;
    let most = 0;
    await mapConcurrently(
      20,
      async (index) => {
        most = Math.max(most, ++running);
        await tick();
        running--;
        done.push(index);
      },
      3,
    );
    expect(done.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, index) => index));
    expect(most).toBe(3);
  });

  it('throws the first failure after what was started has ended, and starts no more', async () => {
    let started = 0;
    let ended = 0;
    const work = mapConcurrently(
      20,
      async (index) => {
        started++;
        await tick();
        if (index === 1) throw new Error('the second failed');
        ended++;
      },
      3,
    );
    await expect(work).rejects.toThrow('the second failed');
    expect(started).toBeLessThan(8);
    expect(ended).toBe(started - 1);
  });

  it('has nothing to do for no index', async () => {
    await mapConcurrently(0, () => Promise.reject(new Error('called')));
  });
});
