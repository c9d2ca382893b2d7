/// <reference lib="dom" />
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, inject, it } from 'vitest';
import { drawnBySoftware, pages, screenshots, shownIn, soon } from './pages.js';

const { photos } = inject('served');
const ways = [
  ['webgl2', drawnBySoftware],
  ['canvas', ['--disable-gpu', '--disable-3d-apis']],
] as const;

const map = (page: Page) => page.getByRole('application', { name: `Map of ${photos.images} images` });
const picked = (page: Page) => page.getByRole('region', { name: 'Picked images' });

async function pickedCount(page: Page): Promise<number> {
  const text = await picked(page).getByRole('heading', { level: 2 }).textContent();
  return Number(text!.replace(/\D/g, ''));
}

/** Draws around the middle of the map with the mouse. */
async function lasso(page: Page, share: number): Promise<void> {
  const { x, y, width, height } = (await map(page).boundingBox())!;
  const corner = (turn: number) =>
    [
      x + width / 2 + ((share * width) / 2) * Math.cos(turn),
      y + height / 2 + ((share * height) / 2) * Math.sin(turn),
    ] as const;
  await page.mouse.move(...corner(0));
  await page.mouse.down();
  for (let step = 1; step <= 24; step++) await page.mouse.move(...corner((step * 2 * Math.PI) / 24));
  await page.mouse.up();
}

/** Moves the map by keys, in growing squares, until the cross is at a point. */
async function pointByKeys(page: Page): Promise<void> {
  await map(page).focus();
  const card = page.locator('.map-card');
  const ways = ['ArrowRight', 'ArrowDown', 'ArrowLeft', 'ArrowUp'];
  for (let side = 0; side < 24; side++) {
    for (let step = 0; step <= side / 2; step++) {
      await page.keyboard.press(ways[side % 4]!);
      if (await card.isVisible()) return;
    }
  }
  await card.waitFor();
}

describe.each(ways)('the map, drawn by %s', (renderer, flags) => {
  const open = pages(flags);

  it('shows the images inside a lasso beside it, and marks there and here what is pointed at', async () => {
    const page = await open('/c/photos/map');
    await map(page).waitFor();
    expect(await map(page).getAttribute('data-renderer')).toBe(renderer);
    await page.getByRole('button', { name: /^Lasso/ }).click();
    await lasso(page, 0.7);
    await picked(page).waitFor();
    const some = await pickedCount(page);
    expect(some).toBeGreaterThan(0);
    expect(some).toBeLessThan(photos.images);
    const grid = picked(page).getByRole('grid');
    await grid.locator('.cell[data-id]').first().waitFor();
    await expect.poll(async () => (await shownIn(grid)).length, soon).toBeGreaterThan(0);

    // From the grid to the map, and from the map to the grid.
    await grid.locator('.cell[data-id]').first().hover();
    await expect.poll(() => grid.locator('.cell.pointed').count(), soon).toBe(1);
    await pointByKeys(page);

    // The address holds the lasso.
    const drawn = new URL(page.url()).searchParams.get('lasso');
    expect(drawn).toBeTruthy();
    await page.reload();
    await expect.poll(() => pickedCount(page), soon).toBe(some);
    await page.screenshot({ path: join(screenshots, `lasso-${renderer}.png`) });
    await picked(page).getByRole('button', { name: 'Clear' }).click();
    await picked(page).waitFor({ state: 'detached' });
    expect(new URL(page.url()).searchParams.get('lasso')).toBe(null);
    await page.goBack();
    await expect.poll(() => pickedCount(page), soon).toBe(some);
  });
});

describe('the map, without a mouse', () => {
  const open = pages();

  it('is moved, opened and picked from by keys', async () => {
    const page = await open('/c/photos/map');
    await map(page).waitFor();
    await pointByKeys(page);
    const card = page.locator('.map-card');
    const label = await card.locator('strong').textContent();
    expect(photos.classes).toContain(label);
    await page.keyboard.press('c');
    await picked(page).waitFor();
    expect(new URL(page.url()).searchParams.get('clusters')).toMatch(/^\d+$/);
    await page.keyboard.press('Enter');
    await page.getByRole('complementary', { name: 'About the image' }).waitFor();
    await page.goBack();
    await picked(page).waitFor();
    await page.keyboard.press('Escape');
    await picked(page).waitFor({ state: 'detached' });
  });

  it('has tables that say the same in words', async () => {
    const page = await open('/c/photos/map');
    const clusters = page.getByRole('table', { name: /^Clusters/ });
    await clusters.waitFor();
    const counts = await clusters.getByRole('cell').allTextContents();
    expect(counts.map(Number).reduce((sum, count) => sum + count, 0)).toBe(photos.images);
    await page.getByRole('tab', { name: /^Clusters/ }).focus();
    await page.keyboard.press('ArrowRight');
    const labels = page.getByRole('table', { name: /^Labels/ });
    await labels.waitFor();
    const box = labels.getByRole('checkbox', { name: photos.classes[0]! });
    await box.focus();
    await page.keyboard.press('Space');
    await picked(page).waitFor();
    const some = await pickedCount(page);
    await picked(page)
      .getByRole('radio', { name: 'Table' })
      .or(picked(page).getByRole('button', { name: 'Table' }))
      .click();
    const table = picked(page).getByRole('table');
    const rows = table.locator('tbody tr');
    await expect.poll(() => rows.count(), soon).toBe(Math.min(some, 200));
    expect(new Set(await rows.locator('td:nth-of-type(1)').allTextContents())).toEqual(
      new Set([photos.classes[0]]),
    );
    await rows.first().getByRole('link').click();
    await page.getByRole('complementary', { name: 'About the image' }).waitFor();
  });
});
