import { describe, expect, inject, it } from 'vitest';
import { idOf, pages, results, searchPath } from './pages.js';

const { photos } = inject('served');
const open = pages();
const mostJavaScript = 150_000;

describe('the first view of the page', () => {
  it.each(['start', 'results', 'browse', 'image'])('%s comes with few bytes of JavaScript', async (view) => {
    const id = await idOf('photos', photos.near[0]![0]);
    const path = {
      start: '/c/photos/search',
      results: searchPath('photos', { q: id }),
      browse: '/c/photos/browse',
      image: `/c/photos/image/${id}`,
    }[view]!;
    const page = await open('/healthz');
    const session = await page.context().newCDPSession(page);
    await session.send('Network.enable');
    const scripts = new Map<string, string>();
    let bytes = 0;
    session.on('Network.responseReceived', ({ requestId, type, response }) => {
      if (type !== 'Script') return;
      scripts.set(requestId, response.url);
      expect(response.headers['content-encoding'] ?? 'none', response.url).toMatch(/^(br|gzip|none)$/);
    });
    session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
      if (scripts.has(requestId)) bytes += encodedDataLength;
    });
    await page.goto(new URL(path, page.url()).href);
    await page.locator('main img').first().waitFor();
    if (view === 'results') await results(page);
    await page.waitForTimeout(300);
    console.info(`${view}: ${scripts.size} scripts, ${bytes} bytes of JavaScript as they were sent`);
    expect(bytes).toBeGreaterThan(5_000);
    expect(bytes).toBeLessThanOrEqual(mostJavaScript);
    expect([...scripts.values()].filter((url) => /map-|arrow-points|regl/.test(url))).toEqual([]);
  });
});
