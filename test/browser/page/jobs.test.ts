import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { dropFiles, idOf, pages, soon } from './pages.js';

const { changes, unseen, root, url } = inject('served');
const open = pages();

const api = `${url}/api/v1/collections/changes`;

describe('files that are sent', () => {
  it('become images; of one that cannot be used it says why, and tries it again when asked', async () => {
    const good = join(root, 'new picture.jpg');
    const bad = join(root, 'no picture.jpg');
    await copyFile(unseen.second.path, good);
    await writeFile(bad, 'Monday: bring the camera.');
    const page = await open('/c/changes/jobs');
    await page.getByRole('heading', { name: 'Jobs' }).waitFor();
    await page.getByLabel('Label of all of them').fill('sent');
    await page.getByLabel('Files to add').setInputFiles([good, bad]);
    const job = page.getByRole('article', { name: 'Take in files: Done' }).first();
    await job.waitFor();
    expect(await job.textContent()).toMatch(/added\s*1/);
    await job.getByRole('button', { name: '1 file could not be used' }).click();
    const row = job.getByRole('table').locator('tbody tr');
    await row.waitFor();
    expect(await row.locator('th').textContent()).toMatch(/no picture\.jpg$/);
    expect((await row.locator('td').textContent())!.length).toBeGreaterThan(15);
    await job.getByRole('button', { name: 'Try failed files again' }).click();
    await expect.poll(() => page.getByRole('article', { name: 'Take in files: Done' }).count(), soon).toBe(2);
    expect(await page.getByRole('button', { name: '1 file could not be used' }).count()).toBe(2);

    // It is an image like any other, until it is removed.
    const filter = encodeURIComponent('label = sent');
    await page.goto(`${url}/c/changes/browse?where=${filter}`);
    const tile = page.getByRole('grid', { name: 'Images' }).locator('.cell[data-id]');
    await expect.poll(() => tile.count(), soon).toBe(1);
    const width = () => tile.locator('img').evaluate((image) => (image as HTMLImageElement).naturalWidth);
    await expect.poll(width, soon).toBeGreaterThan(20);
    await tile.focus();
    await page.keyboard.press('x');
    await page.getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('heading', { name: 'No image meets the filter' }).waitFor();
    expect((await (await fetch(api)).json()).images).toBe(changes.images);
  });

  it('may be dropped anywhere, and the job is told of beside every screen', async () => {
    const page = await open('/c/changes/browse');
    await page.getByRole('grid', { name: 'Images' }).locator('.cell[data-id]').first().waitFor();
    const file = join(root, 'dropped.jpg');
    await copyFile(unseen.first.path, file);
    await dropFiles(page, [file], page.locator('[data-drop=collection]'));
    await page.getByText('Adding 1 image').waitFor();
    await expect.poll(async () => (await (await fetch(api)).json()).images, soon).toBe(changes.images + 1);
    await page.getByRole('link', { name: new RegExp(`Browse.*${changes.images + 1}`) }).waitFor();
    const { images } = await (await fetch(`${api}/images?order=-id&limit=1`)).json();
    expect(images[0].name).toMatch(/dropped\.jpg$/);
    await fetch(`${api}/images/${images[0].id}`, { method: 'DELETE' });
  });
});

describe('jobs', () => {
  it('are started, and seen to end without the page being loaded again', async () => {
    const page = await open('/c/changes/jobs');
    const ended = page.getByRole('article', { name: 'Look through the sources: Done' });
    const before = await ended.count();
    await page.getByRole('button', { name: /^Look through the sources/ }).click();
    await expect.poll(() => ended.count(), soon).toBe(before + 1);
    expect(await idOf('changes', changes.exact[0])).toBeGreaterThan(0);
  });

  it('list files of a source that could not be used', async () => {
    const page = await open('/c/changes/jobs');
    await page
      .getByRole('button', { name: /^Try failed files again/ })
      .first()
      .click();
    const job = page.getByRole('article', { name: 'Look through the sources: Done' }).first();
    await job.getByRole('button', { name: /could not be used$/ }).click();
    await job
      .getByRole('table')
      .getByText(/broken\.jpg$/)
      .waitFor();
  });
});
