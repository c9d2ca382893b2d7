import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, inject, it } from 'vitest';
import { idOf, pages, soon } from './pages.js';

const { photos, changes, url } = inject('served');
const open = pages();

const copies = (page: Page) => page.locator('.copies > .copy');
const decided = (page: Page) =>
  page
    .locator('.copies > .copy')
    .evaluateAll((all) => all.map((copy) => copy.className.replace(/^copy /, '')));

async function show(page: Page, at: number): Promise<void> {
  await page.getByRole('navigation', { name: 'Groups of copies' }).getByRole('button').nth(at).click();
  await page.getByRole('heading', { name: new RegExp(`^Group ${at + 1} of`) }).waitFor();
  await copies(page).first().waitFor();
}

describe('copies', () => {
  it('are shown a group at a time, files of the same bytes and pictures that are nearly the same', async () => {
    const page = await open('/c/photos/duplicates');
    const groups = page.getByRole('navigation', { name: 'Groups of copies' }).getByRole('button');
    await expect.poll(() => groups.count(), soon).toBeGreaterThanOrEqual(3);
    const names = await groups.evaluateAll((all) => all.map((each) => each.getAttribute('aria-label')));
    expect(names.filter((name) => name!.includes('3 exact copies'))).toHaveLength(1);
    await page
      .getByRole('button', { name: 'Near', exact: true })
      .or(page.getByRole('radio', { name: 'Near' }))
      .click();
    await expect.poll(() => new URL(page.url()).searchParams.get('kind'), soon).toBe('near');
    await expect.poll(() => copies(page).count(), soon).toBe(2);
    const paths = await copies(page)
      .locator('.copy-path dd')
      .evaluateAll((all) => all.map((each) => each.getAttribute('title')!));
    const planted = photos.near.map((pair) => pair.map((name) => join(photos.pictures, name)).sort());
    expect(planted).toContainEqual(paths.sort());
    await page.keyboard.press('d');
    await page.locator('.frame.difference').waitFor();
    await page.keyboard.press('+');
    await page.locator('.frame.zoomed').first().waitFor();
  });

  it('are decided on; the decision is there when the page is loaded again, and is taken back', async () => {
    const page = await open('/c/changes/duplicates');
    await show(page, 0);
    await page.getByRole('button', { name: 'Keep best' }).click();
    await show(page, 0);
    const after = await decided(page);
    expect(after[0]).toBe('keep');
    expect(new Set(after.slice(1))).toEqual(new Set(['trash']));
    await expect.poll(() => page.getByText(/^1 of \d+ decided$/).count(), soon).toBe(1);
    await page.reload();
    await expect.poll(() => decided(page), soon).toEqual(after);
    await page.keyboard.press('u');
    await expect.poll(async () => new Set(await decided(page)), soon).toEqual(new Set(['open']));
    await expect.poll(() => page.getByText(/^0 of \d+ decided$/).count(), soon).toBe(1);
    await page.reload();
    await copies(page).first().waitFor();
    expect(new Set(await decided(page))).toEqual(new Set(['open']));
  });

  it('are moved to the trash, and put back where they were', async () => {
    const page = await open('/c/changes/duplicates?kind=exact');
    await copies(page).first().waitFor();
    const paths = changes.exact.map((name) => join(changes.pictures, name));
    const bytes = await readFile(paths[0]!);
    const there = () => paths.filter((path) => existsSync(path)).length;
    expect(there()).toBe(3);
    // The last two of three, by keys.
    await page.keyboard.press('1');
    for (const key of ['2', '3']) {
      await page.keyboard.press(key);
      await expect.poll(async () => (await decided(page))[Number(key) - 1], soon).not.toBe('open');
    }
    const now = await decided(page);
    const wanted = now.filter((each) => each === 'trash').length;
    await page.getByRole('button', { name: new RegExp(`^Move ${wanted} files? to the trash$`) }).click();
    const dialog = page.getByRole('dialog');
    expect(await dialog.textContent()).toContain('Nothing is deleted');
    await dialog.getByRole('button', { name: 'Move to the trash' }).click();
    await expect.poll(there, soon).toBe(3 - wanted);
    await page.getByText(`${wanted} files moved to the trash`).waitFor();
    await expect
      .poll(async () => (await (await fetch(`${url}/api/v1/collections/changes`)).json()).images, soon)
      .toBe(changes.images - wanted);

    await page.getByRole('button', { name: 'Trash', exact: true }).click();
    const trash = page.getByRole('dialog', { name: 'Trash' });
    await trash.getByRole('button', { name: new RegExp(`^Restore ${wanted} files`) }).click();
    await expect.poll(there, soon).toBe(3);
    for (const path of paths) expect((await readFile(path)).equals(bytes)).toBe(true);
    await page.keyboard.press('Escape');
    await expect
      .poll(async () => (await (await fetch(`${url}/api/v1/collections/changes`)).json()).images, soon)
      .toBe(changes.images);
    for (const name of changes.exact) expect(await idOf('changes', name)).toBeGreaterThan(0);
  });
});
