import type { Page } from 'playwright-core';
import { describe, expect, inject, it } from 'vitest';
import { idOf, pages, soon } from './pages.js';

const { photos, changes, real, url } = inject('served');
const open = pages();

const cells = (page: Page) =>
  page.getByRole('table', { name: /^How many images of each label/ }).getByRole('button');

async function labelOf(collection: string, name: string): Promise<string> {
  const id = await idOf(collection, name);
  return (await (await fetch(`${url}/api/v1/collections/${collection}/images/${id}`)).json()).label;
}

describe('the confusion matrix', () => {
  it('opens the images behind a cell, each with the one that it was taken for', async () => {
    const page = await open('/c/photos/quality?show=confusion');
    await cells(page).first().waitFor();
    expect(await cells(page).count()).toBe(photos.classes.length ** 2);
    const wrong = page.locator('.matrix-cell.wrong:not(.none)').first();
    const [, of, as, images] = /^(.*) taken for (.*): (\d+) images?/.exec(
      (await wrong.getAttribute('aria-label'))!,
    )!;
    await wrong.click();
    const dialog = page.getByRole('dialog', { name: `${of}, taken for ${as}` });
    const pairs = dialog.getByRole('listitem');
    await expect.poll(() => pairs.count(), soon).toBe(Number(images));
    expect(await pairs.first().getByRole('link').allTextContents()).toEqual([of, as]);
    await page.reload();
    await expect.poll(() => pairs.count(), soon).toBe(Number(images));
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  });

  it('is walked through by arrows', async () => {
    const page = await open('/c/photos/quality?show=confusion');
    await cells(page).first().focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowDown');
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? '');
    const label = await focused();
    const [, of, as] = /^(.*) taken for (.*): /.exec(label)!;
    expect(of).toBe(as);
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: `${of}: found right` }).waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(focused, soon).toBe(label);
  });
});

describe('the quality of a collection', () => {
  it('is told in figures, and of each label, which leads to its images', async () => {
    const page = await open('/c/photos/quality');
    await page.getByText('Precision@1', { exact: true }).waitFor();
    const figure = page.locator('.figure').filter({ hasText: 'Precision@1' }).first();
    const value = Number.parseFloat((await figure.locator('.figure-value').textContent())!);
    expect(value).toBeGreaterThan(real ? 80 : 5);
    expect(value).toBeLessThanOrEqual(100);
    await page
      .getByRole('navigation', { name: 'Parts of quality' })
      .getByRole('button', { name: 'Labels', exact: true })
      .click();
    const rows = page.getByRole('table', { name: 'What was measured of each label' }).locator('tbody tr');
    await expect.poll(() => rows.count(), soon).toBe(photos.classes.length);
    const row = rows.first();
    const label = await row.getByRole('link').textContent();
    const images = Number(await row.getByRole('cell').first().textContent());
    await row.getByRole('link').click();
    await page.getByRole('grid', { name: 'Images' }).waitFor();
    await expect
      .poll(() => page.locator('.screen-about').first().textContent(), soon)
      .toBe(`${images} of ${photos.images}`);
    expect(await page.locator('.cell .tile-label').first().textContent()).toBe(label);
  });

  it.skipIf(!real)(
    'grows when a label that looks wrong is mended, and a mistake in that is undone',
    async () => {
      const { name, label, was } = changes.mislabelled;
      const page = await open('/c/changes/quality?show=suspects');
      const suspect = page.getByRole('listitem', { name: `mislabelled.jpg: ${label}, suggested ${was}` });
      await suspect.getByRole('button', { name: /^Accept/ }).click();
      await suspect.waitFor({ state: 'detached' });
      await expect.poll(() => labelOf('changes', name), soon).toBe(was);
      await page.getByRole('button', { name: 'Undo' }).click();
      await suspect.waitFor();
      await expect.poll(() => labelOf('changes', name), soon).toBe(label);
      await suspect.focus();
      await page.keyboard.press('n');
      await suspect.waitFor({ state: 'detached' });
      await page.reload();
      await page.getByRole('heading', { name: 'Quality' }).waitFor();
      await page.locator('.suspects, .empty').first().waitFor();
      expect(await suspect.count()).toBe(0);
      expect(await labelOf('changes', name)).toBe(label);
    },
  );

  it('has the model that made the vectors, and what is like nothing else', async () => {
    const page = await open('/c/photos/quality?show=model');
    await page
      .locator('.quality')
      .getByText(/calibrat/i)
      .first()
      .waitFor();
    await page
      .getByRole('navigation', { name: 'Parts of quality' })
      .getByRole('button', { name: 'Outliers' })
      .click();
    await page
      .locator('.quality')
      .getByRole('img')
      .or(page.locator('.quality .empty, .quality .muted'))
      .first()
      .waitFor();
  });
});
