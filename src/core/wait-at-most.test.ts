import { expect, it } from 'vitest';
import { waitAtMost } from './wait-at-most.js';

it('waits for work that ends in time, whatever time there is', async () => {
  const startedMs = performance.now();
  await waitAtMost(new Promise((resolve) => setTimeout(resolve, 20)), 60_000);
  const tookMs = performance.now() - startedMs;
  expect(tookMs).toBeGreaterThan(10);
  expect(tookMs).toBeLessThan(30_000);
});

it('waits no longer than it was told', async () => {
  const startedMs = performance.now();
  await waitAtMost(new Promise(() => {}), 20);
  expect(performance.now() - startedMs).toBeGreaterThan(10);
});
