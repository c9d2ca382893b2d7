import type { Page } from 'playwright-core';
import { describe, expect, inject, it } from 'vitest';
import { idOf, pages, results, type Shown, searchPath, soon } from './pages.js';

const { photos, changes, real } = inject('served');
const open = pages();

const panel = (page: Page) => page.getByRole('complementary', { name: 'About the image' });

describe('an image', () => {
  it('is shown with what is known of it, with the nearest images, and from near', async () => {
    const id = await idOf('photos', photos.near[0]![1]);
    const page = await open(`/c/photos/image/${id}`);
    await page.getByRole('heading', { name: 'small.jpg' }).waitFor();
    await panel(page)
      .getByText(/\d+ × \d+/)
      .first()
      .waitFor();
    const nearest = page.getByRole('region', { name: 'Nearest images' }).getByRole('listitem');
    await expect.poll(() => nearest.getByRole('link').count(), soon).toBeGreaterThan(5);
    const original = await idOf('photos', photos.near[0]![0]);
    expect(await nearest.first().getByRole('link').getAttribute('href')).toBe(`/c/photos/image/${original}`);
    const viewer = page.locator('.viewer');
    await page.keyboard.press('+');
    await expect.poll(async () => Number(await viewer.getAttribute('data-scale')), soon).toBeGreaterThan(1);
    await page.keyboard.press('0');
    await expect.poll(async () => Number(await viewer.getAttribute('data-scale')), soon).toBe(1);
  });

  it('is searched for in part', async () => {
    const id = await idOf('photos', photos.near[0]![0]);
    const page = await open(`/c/photos/image/${id}`);
    await panel(page).getByRole('button', { name: 'A part' }).click();
    await page.getByRole('button', { name: 'Search for this part' }).click();
    await expect
      .poll(() => new URL(page.url()).searchParams.get('q'), soon)
      .toBe(`${id}@2000.2000.6000.6000`);
    expect((await results(page)).length).toBeGreaterThan(5);
  });

  it('is found on the map', async () => {
    const page = await open(searchPath('photos', { q: await idOf('photos', photos.near[0]![0]) }));
    const [{ id }] = (await results(page)) as [Shown];
    await page.getByRole('grid', { name: 'Results' }).locator('.cell').first().focus();
    await page.keyboard.press('m');
    const map = page.getByRole('application');
    await map.waitFor();
    expect(new URL(page.url()).searchParams.get('highlight')).toBe(String(id));
    // It is gone to, so it lies in the middle: where the cross of the keys is.
    await map.focus();
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowRight');
    await page.locator('.map-card').waitFor();
    await page.keyboard.press('Enter');
    await expect.poll(() => new URL(page.url()).pathname, soon).toBe(`/c/photos/image/${id}`);
  });

  it('is given another label, and has its own back', async () => {
    const name = changes.near[0]![0];
    const label = changes.classes[1]!;
    const page = await open(`/c/changes/image/${await idOf('changes', name)}`);
    const field = panel(page).getByRole('combobox', { name: 'Label' });
    await expect.poll(() => field.inputValue(), soon).toBe(label);
    await field.fill('some thing new');
    await panel(page).getByRole('button', { name: 'Save' }).click();
    await page.getByText('Labelled “some thing new”').waitFor();
    await page.reload();
    await expect.poll(() => field.inputValue(), soon).toBe('some thing new');
    await panel(page).getByText('edited').waitFor();
    await page.goto(
      `${new URL(page.url()).origin}/c/changes/browse?where=${encodeURIComponent('label = "some thing new"')}`,
    );
    const cells = page.getByRole('grid', { name: 'Images' }).locator('.cell[data-id]');
    await expect.poll(() => cells.count(), soon).toBe(1);
    await cells.first().click();
    // One of the labels that there are, from the list of them.
    await field.fill(label.slice(0, 4));
    await page.getByRole('option', { name: label }).click();
    await page.getByText(`Labelled “${label}”`).waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(() => field.inputValue(), soon).toBe('some thing new');
    await field.fill(label);
    await field.press('Enter');
    await expect.poll(() => field.inputValue(), soon).toBe(label);
    await page.getByText(`Labelled “${label}”`).last().waitFor();
  });

  it('that there is not is told of', async () => {
    const page = await open('/c/photos/image/999999', { expects: [/404/] });
    await page.getByRole('heading', { name: 'There is no image 999999' }).waitFor();
  });

  it.skipIf(!real)('of its class with neighbours of its class', async () => {
    const page = await open(`/c/photos/image/${await idOf('photos', photos.exact[0])}`);
    await page.locator('.neighbours .tile-label.same').first().waitFor();
  });
});
