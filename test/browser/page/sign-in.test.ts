import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { pages, screenshots, violations } from './pages.js';
import { serve } from './serve-collections.js';

const { root, photos } = inject('served');
const token = 'a-token-of-the-browser-tests';
const open = pages();

let server: Awaited<ReturnType<typeof serve>>;
beforeAll(async () => {
  server = await serve(root, [photos.directory, '--read-only'], { IMAGEKIN_TOKEN: token });
});
afterAll(() => server?.stop());

describe('a server that wants a token', () => {
  it('is asked nothing before it is given, says of a wrong one that it is wrong, and remembers the right one', async () => {
    const page = await open('/c/photos/browse', { url: server.url, expects: [/status of 401/] });
    const field = page.getByLabel('Token');
    await field.waitFor();
    expect(await violations(page)).toEqual([]);
    await page.screenshot({ path: join(screenshots, 'sign-in.png') });
    await field.fill('a-token-that-is-wrong');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').waitFor();
    await field.fill(token);
    await page.keyboard.press('Enter');
    const grid = page.getByRole('grid', { name: 'Images' });
    await grid.locator('.cell[data-id]').first().waitFor();
    await page.reload();
    await grid.locator('.cell[data-id]').first().waitFor();
    const kept = await page.evaluate(
      () => `${document.cookie}${JSON.stringify({ ...localStorage })}${location.href}`,
    );
    expect(kept).not.toContain(token);
  });

  it('and is only to be read shows nothing that would change it', async () => {
    const page = await open(`/c/photos/browse`, {
      url: server.url,
      extraHTTPHeaders: { authorization: `Bearer ${token}` },
    });
    await page.getByRole('grid', { name: 'Images' }).locator('.cell[data-id]').first().waitFor();
    expect(await page.getByRole('button', { name: 'Add images' }).count()).toBe(0);
    await page.goto(`${server.url}/c/photos/duplicates`);
    await page.getByRole('heading', { name: /^Group 1 of/ }).waitFor();
    expect(await page.getByRole('button', { name: /^Keep/ }).count()).toBe(0);
    await page.goto(`${server.url}/c/photos/jobs`);
    await page.getByRole('heading', { name: 'Jobs' }).waitFor();
    expect(await page.getByLabel('Files to add').count()).toBe(0);
  });
});
