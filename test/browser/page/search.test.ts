/// <reference lib="dom" />
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { describe, expect, inject, it } from 'vitest';
import { dropFiles, idOf, pages, results, resultsOf, searchPath, shareOf, shownIn, soon } from './pages.js';

const { photos, unseen, real } = inject('served');
const { label: first } = unseen.first;
const { label: second } = unseen.second;

const open = pages();
const start = '/c/photos/search';

const chips = (page: Page) => page.locator('.query-box .chip');
const parameter = (page: Page, name: string) => new URL(page.url()).searchParams.get(name);

async function drop(page: Page, file: string): Promise<void> {
  await page.getByText('Find what is like an image').waitFor();
  await dropFiles(page, [file], page.locator('[data-drop=search]'));
}

describe('what is searched for', () => {
  it('may be dropped as a file: the images like it come, the nearest first', async () => {
    const page = await open(start);
    await drop(page, unseen.first.path);
    const found = await results(page);
    expect(found.length).toBeGreaterThan(10);
    expect(found.map(({ score }) => score)).toEqual(found.map(({ score }) => score).sort((a, b) => b - a));
    expect(await chips(page).getByRole('img', { includeHidden: true }).count()).toBeGreaterThan(0);
    expect(await page.locator('.screen-about').first().textContent()).toContain(
      `of ${photos.images.toLocaleString('en')}`,
    );
  });

  it.skipIf(!real)('shows of what class a picture is that the collection does not have', async () => {
    const page = await open(start);
    await drop(page, unseen.first.path);
    expect(shareOf(first, (await results(page)).slice(0, 8))).toBeGreaterThan(0.7);
    await dropFiles(page, [unseen.second.path], page.locator('[data-drop=search]'));
    await expect
      .poll(async () => shareOf(second, (await results(page)).slice(0, 8)), soon)
      .toBeGreaterThan(0.7);
    expect(await chips(page).count()).toBe(1);
  });

  it('may be pasted', async () => {
    const page = await open(start, { permissions: ['clipboard-read', 'clipboard-write'] });
    await page.getByText('Find what is like an image').waitFor();
    const bytes = (await readFile(unseen.first.path)).toString('base64');
    await page.evaluate(async (base64) => {
      // The clipboard takes PNG alone.
      const jpeg = new Blob([Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))], {
        type: 'image/jpeg',
      });
      const bitmap = await createImageBitmap(jpeg);
      const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
      canvas.getContext('2d')!.drawImage(bitmap, 0, 0);
      const png = await canvas.convertToBlob({ type: 'image/png' });
      await navigator.clipboard.write([new ClipboardItem({ 'image/png': png })]);
    }, bytes);
    await page.keyboard.press('Control+v');
    const found = await results(page);
    expect(found.length).toBeGreaterThan(10);
    if (real) expect(shareOf(first, found.slice(0, 8))).toBeGreaterThan(0.6);
  });

  it('may be chosen as a file, or be an id; what is no id is said to be none', async () => {
    const page = await open(start);
    await page.locator('[data-role=query-file]').setInputFiles(unseen.first.path);
    await results(page);
    const id = await idOf('photos', photos.near[0]![0]);
    const field = page.getByRole('textbox', { name: 'Add an image by its id' });
    await field.fill('a cat');
    await field.press('Enter');
    expect(await page.getByRole('alert').filter({ hasText: 'is no id' }).textContent()).toContain('a cat');
    await field.fill(String(id));
    await field.press('Enter');
    await expect.poll(() => chips(page).count(), soon).toBe(2);
    expect(parameter(page, 'q')).toMatch(new RegExp(`^f[0-9a-f]{16}~${id}$`));
  });

  it('may be a part of an image, cut out by its handles or by keys', async () => {
    const page = await open(start);
    await drop(page, unseen.sideBySide.path);
    const whole = await results(page);
    const crop = async (change: () => Promise<void>) => {
      await page.getByRole('button', { name: /^Choose a part of/ }).click();
      await page.locator('.crop-region').waitFor();
      await change();
      await page.getByRole('dialog').getByRole('button', { name: 'Search for it' }).click();
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    };
    const region = async () =>
      parameter(page, 'q')!
        .split('@')[1]!
        .split('.')
        .map((part) => Number(part) / 1e4);

    // To the right half, by mouse: the handles are in the corners and in the middles of the sides.
    await crop(async () => {
      const box = (await page.locator('.crop-editor').boundingBox())!;
      const drag = async (handle: string, x: number, y: number) => {
        const at = (await page.locator(`.crop-handle.${handle}`).boundingBox())!;
        await page.mouse.move(at.x + at.width / 2, at.y + at.height / 2);
        await page.mouse.down();
        await page.mouse.move(box.x + x * box.width, box.y + y * box.height, { steps: 4 });
        await page.mouse.up();
      };
      await drag('nw', 0.52, 0);
      await drag('se', 1.02, 1.02);
    });
    await expect.poll(() => parameter(page, 'q'), soon).toContain('@');
    const [x, y, width, height] = await region();
    expect(x).toBeCloseTo(0.52, 1);
    expect(y).toBeCloseTo(0, 1);
    expect(x! + width!).toBeCloseTo(1, 1);
    expect(height).toBeGreaterThan(0.9);
    const rightHalf = async () => {
      const now = await results(page);
      return { now, share: shareOf(second, now.slice(0, 8)) };
    };
    await expect.poll(async () => (await rightHalf()).now, soon).not.toEqual(whole);
    if (real) await expect.poll(async () => (await rightHalf()).share, soon).toBeGreaterThan(0.7);

    // To the left half, by keys alone.
    await crop(async () => {
      const editor = page.locator('.crop-region');
      await editor.focus();
      await editor.press('Home');
      for (let step = 0; step < 26; step++) await editor.press('Shift+ArrowLeft');
    });
    await expect.poll(async () => (await region())[0], soon).toBe(0);
    expect((await region())[2]).toBeCloseTo(0.48, 2);
    if (real) {
      await expect
        .poll(async () => shareOf(first, (await results(page)).slice(0, 8)), soon)
        .toBeGreaterThan(0.7);
    }
  });

  it('may be unlike something: fewer of that come', async () => {
    const page = await open(start);
    await drop(page, unseen.sideBySide.path);
    const before = await results(page);
    const unwanted = real ? before.find(({ label }) => label === second)! : before[1]!;
    const tile = resultsOf(page).locator(`[data-id="${unwanted.id}"]`);
    await tile.hover();
    await tile.getByRole('button', { name: 'Less like this' }).click();
    await expect.poll(() => parameter(page, 'q'), soon).toMatch(new RegExp(`~-${unwanted.id}$`));
    expect(await page.locator('.chip.unlike').count()).toBe(1);
    const top = async () => (await results(page)).slice(0, 12);
    await expect.poll(async () => (await top()).some(({ id }) => id === unwanted.id), soon).toBe(false);
    if (real) {
      expect(shareOf(second, await top())).toBeLessThan(shareOf(second, before.slice(0, 12)));
      await page.getByRole('button', { name: /^Be like/ }).click();
      await expect
        .poll(async () => shareOf(second, await top()), soon)
        .toBeGreaterThanOrEqual(shareOf(second, before.slice(0, 12)));
    }
  });

  it('cannot be unlike something alone, which the page explains', async () => {
    const page = await open(searchPath('photos', { q: await idOf('photos', photos.exact[0]) }));
    await results(page);
    await page.getByRole('button', { name: /^Be unlike/ }).click();
    await page.getByRole('heading', { name: 'Only unlike' }).waitFor();
  });

  it('grows by "more like this", and weights shift it', async () => {
    const page = await open(searchPath('photos', { q: await idOf('photos', photos.exact[0]) }));
    const [, more] = await results(page);
    const tile = resultsOf(page).locator(`[data-id="${more!.id}"]`);
    await tile.hover();
    await tile.getByRole('button', { name: 'More like this' }).click();
    await expect.poll(() => chips(page).count(), soon).toBe(2);
    await page
      .getByRole('button', { name: /weight 1$/ })
      .last()
      .click();
    await page.getByRole('slider', { name: /^Weight/ }).fill('2.5');
    await expect
      .poll(() => parameter(page, 'q'), soon)
      .toBe(`${await idOf('photos', photos.exact[0])}~${more!.id}*2.5`);
    await page.keyboard.press('Escape');
    expect(await chips(page).last().textContent()).toContain('×2.5');
  });
});

describe('what is found', () => {
  const query = async (params: Readonly<Record<string, string>> = {}) =>
    searchPath('photos', { q: await idOf('photos', photos.exact[0]), ...params });

  it('is narrowed by the values of a field, which say how many images they have', async () => {
    const page = await open(await query());
    const [another, chosen] = photos.classes as [string, string];
    const facet = page.getByRole('group', { name: 'Label' });
    const value = facet.locator('.facet-value').filter({ hasText: chosen });
    // The mislabelled one is among them, and the one that is nearly the same as another.
    const files = Number(await value.locator('.facet-count').textContent());
    expect(files).toBeGreaterThan(photos.images / photos.classes.length - 1);
    await value.click();
    await expect.poll(async () => shareOf(chosen, await results(page)), soon).toBe(1);
    expect(parameter(page, 'where')).toMatch(new RegExp(`^label = "?${chosen}"?$`));
    const other = facet.locator('.facet-value').filter({ hasText: another });
    await other.click();
    const sharesOfBoth = async () => {
      const found = await results(page);
      return shareOf(chosen, found) + shareOf(another, found);
    };
    await expect.poll(() => parameter(page, 'where'), soon).toContain(' or ');
    await expect.poll(sharesOfBoth, soon).toBeCloseTo(1);
    expect(shareOf(another, await results(page))).toBeGreaterThan(0);
    await facet.getByRole('button', { name: 'Clear Label' }).click();
    await expect.poll(() => parameter(page, 'where'), soon).toBe(null);
  });

  it('is narrowed by a filter that is typed; where it cannot be read, the place is shown', async () => {
    const page = await open(await query(), { expects: [/status of 4\d\d/] });
    await results(page);
    const field = page.getByRole('textbox', { name: 'Filter', exact: true });
    await field.fill(`label != "${first}" and width > 10`);
    await field.press('Enter');
    await expect.poll(async () => shareOf(first, await results(page)), soon).toBe(0);
    await field.fill('label = = 3');
    await field.press('Enter');
    const alert = page.getByRole('alert').filter({ has: page.locator('pre') });
    await alert.waitFor();
    expect(await alert.locator('pre').textContent()).toMatch(/label = = 3\n +\^/);
    expect(await field.getAttribute('aria-invalid')).toBe('true');
    await page.getByRole('button', { name: 'Clear filter' }).click();
    expect((await results(page)).length).toBeGreaterThan(10);
    expect(await page.getByRole('alert').filter({ hasText: 'expected' }).count()).toBe(0);
  });

  it('is bounded by a score, under a histogram of all of them', async () => {
    const page = await open(await query());
    const all = await results(page);
    expect(await page.locator('.histogram .bar').count()).toBeGreaterThan(4);
    const bound = Math.round(all[5]!.score * 100) / 100;
    const slider = page.getByRole('slider', { name: 'Lowest score' });
    await slider.fill(String(bound));
    await expect.poll(() => Number(parameter(page, 'min')), soon).toBe(bound);
    const above = async () => (await results(page)).map(({ score }) => score);
    await expect.poll(async () => Math.min(...(await above())), soon).toBeGreaterThanOrEqual(bound - 0.0005);
    expect((await above()).length).toBeLessThan(all.length);
    await slider.press('Home');
    await expect.poll(() => parameter(page, 'min'), soon).toBe(null);
  });

  it('is said to be the same, similar or weak where the model is calibrated', async () => {
    const page = await open(await query());
    await results(page);
    const words = await resultsOf(page).locator('.likeness').allTextContents();
    expect(words.length).toBeGreaterThan(0);
    expect(words.filter((word) => !['same', 'similar', 'weak'].includes(word))).toEqual([]);
    if (real) expect(words[0]).toBe('same');
  });

  it('has copies of a file in one place, which unfold', async () => {
    const page = await open(await query());
    const [, next] = await results(page);
    const tile = resultsOf(page)
      .locator('.cell')
      .filter({ has: page.locator('.fold-badge') })
      .first();
    expect(await tile.locator('.fold-badge').textContent()).toBe('+1');
    await tile.locator('.fold-badge').click();
    // What is searched for is no result, so of three copies two are left.
    const copies = await Promise.all(photos.exact.slice(1).map((name) => idOf('photos', name)));
    const firstTwo = async () => (await results(page)).slice(0, 2).map(({ id }) => id);
    await expect.poll(async () => (await firstTwo()).sort(), soon).toEqual(copies.sort());
    await tile.focus();
    await page.keyboard.press('f');
    await expect.poll(async () => (await firstTwo())[1], soon).toBe(next!.id);
    await page.getByRole('button', { name: 'Options' }).click();
    await page.getByRole('radio', { name: 'Nothing' }).check();
    await expect.poll(() => parameter(page, 'fold'), soon).not.toBe(null);
    await expect.poll(async () => (await firstTwo()).sort(), soon).toEqual(copies.sort());
    expect(await resultsOf(page).locator('.fold-badge').count()).toBe(0);
  });

  it('is selected and saved as a table', async () => {
    const page = await open(await query());
    const found = await results(page);
    const grid = resultsOf(page);
    await grid.locator('[data-index="1"]').click({ modifiers: ['Control'] });
    await grid.locator('[data-index="3"]').click({ modifiers: ['Shift'] });
    expect(await page.getByRole('status').filter({ hasText: 'selected' }).textContent()).toBe('3 selected');
    await page.getByRole('button', { name: 'Export' }).click();
    const saving = page.waitForEvent('download');
    await page.getByRole('menuitem', { name: 'CSV table' }).click();
    const saved = await saving;
    const lines = (await readFile(await saved.path(), 'utf8')).trim().split('\r\n');
    expect(lines[0]).toMatch(/^id,path,name,label,.*rank,score$/);
    expect(lines.slice(1).map((line) => Number(line.split(',')[0]))).toEqual(
      found.slice(1, 4).map(({ id }) => id),
    );
  });
});

describe('the address of a search', () => {
  it('holds all of it: loaded again, everything is as it was, with the image that was dropped', async () => {
    const page = await open(start);
    await drop(page, unseen.sideBySide.path);
    const [found] = await results(page);
    const id = found!.id;
    const file = parameter(page, 'q')!;
    await page.evaluate(
      (search) => {
        history.pushState(null, '', search);
        dispatchEvent(new PopStateEvent('popstate'));
      },
      `?${new URLSearchParams({
        q: `${file}*2@5000.0.5000.10000~-${id}`,
        where: `label != "${photos.classes[3]}"`,
        min: '-0.5',
        diversity: '0.3',
      })}`,
    );
    await expect.poll(() => chips(page).count(), soon).toBe(2);
    const before = await results(page);
    const describe = async () => ({
      url: page.url(),
      chips: await chips(page).evaluateAll((all) => all.map((chip) => chip.getAttribute('aria-label'))),
      found: (await results(page)).map((each) => each.id),
      filter: await page.getByRole('textbox', { name: 'Filter', exact: true }).inputValue(),
    });
    const now = await describe();
    expect(now.found).toEqual(before.map((each) => each.id));
    await page.reload();
    await expect.poll(() => chips(page).count(), soon).toBe(2);
    await expect.poll(describe, soon).toEqual(now);
    expect(now.chips[0]).toBe('Like side-by-side.jpg');
    const width = await chips(page)
      .first()
      .locator('img')
      .first()
      .evaluate((image) => (image as HTMLImageElement).naturalWidth);
    expect(width).toBe(600);
    await page.goBack();
    await expect.poll(() => parameter(page, 'q'), soon).toBe(file);
  });

  it('says so where an image of it is in another browser', async () => {
    const page = await open(searchPath('photos', { q: 'f0123456789abcdef' }));
    await page.getByText('is not in this browser any more').waitFor();
  });

  it('leads to the image and back to where the list was', async () => {
    const page = await open('/c/photos/browse');
    const grid = page.getByRole('grid', { name: 'Images' });
    await grid.locator('.cell[data-id]').first().waitFor();
    const scroller = page.locator('.with-filters > .scroll');
    await scroller.evaluate((element) => element.scrollTo(0, 1500));
    await expect.poll(async () => (await shownIn(grid))[0]?.id, soon).toBeGreaterThan(8);
    // By its id, as what is the twelfth changes while the list is scrolled so that it is seen whole.
    const cell = grid.locator(`.cell[data-id="${(await shownIn(grid))[12]!.id}"]`);
    await cell.scrollIntoViewIfNeeded();
    await page.waitForTimeout(400);
    const top = await scroller.evaluate((element) => element.scrollTop);
    await cell.click();
    await page.getByRole('complementary', { name: 'About the image' }).waitFor();
    await page.keyboard.press('Escape');
    await grid.waitFor();
    await expect.poll(() => scroller.evaluate((element) => element.scrollTop), soon).toBe(top);
  });

  it('scrolls by with pictures and labels alone, and has the buttons of tiles again when it rests', async () => {
    const page = await open('/c/photos/browse');
    const grid = page.getByRole('grid', { name: 'Images' });
    await grid.locator('.cell[data-id]').first().waitFor();
    const bare = () =>
      grid.evaluate(
        (element) =>
          [...element.querySelectorAll('.cell[data-id]')].filter(
            (cell) => cell.querySelector('.tile-actions') === null,
          ).length,
      );
    expect(await bare()).toBe(0);
    const scroller = page.locator('.with-filters > .scroll');
    const whileScrolling = await scroller.evaluate(async (element) => {
      let most = 0;
      for (let frame = 1; frame <= 20; frame++) {
        element.scrollTo(0, frame * 200);
        await new Promise(requestAnimationFrame);
        const cells = [...element.querySelectorAll('.cell[data-id]')];
        most = Math.max(most, cells.filter((cell) => cell.querySelector('button') === null).length);
      }
      return most;
    });
    expect(whileScrolling).toBeGreaterThan(0);
    await expect.poll(bare, soon).toBe(0);
    expect(await grid.locator('.cell[data-id]').count()).toBeGreaterThan(0);
  });
});
