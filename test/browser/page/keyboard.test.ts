import type { Page } from 'playwright-core';
import { describe, expect, inject, it } from 'vitest';
import { idOf, pages, results, resultsOf, soon } from './pages.js';

const { photos } = inject('served');
const open = pages();

interface Focus {
  readonly what: string;
  /** Whether it can be seen that it has the focus. */
  readonly seen: boolean;
}

/** What has the focus, and whether that can be seen: by an outline or a shadow, on it or on what it stands in. */
function focus(page: Page): Promise<Focus> {
  return page.evaluate(() => {
    const element = document.activeElement as HTMLElement;
    const marked = (each: Element | null): boolean => {
      if (!each) return false;
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(each);
      return (outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 1) || boxShadow !== 'none';
    };
    const { width, height } = element.getBoundingClientRect();
    const around = element.closest('.query-box, .facet-value, .option, label, .tile, .cell');
    const inside = element.querySelector('.picture, .tile');
    return {
      what: element.getAttribute('aria-label') ?? element.textContent?.trim().slice(0, 60) ?? element.tagName,
      seen: width > 0 && height > 0 && (marked(element) || marked(around) || marked(inside)),
    };
  });
}

const cellIndex = (page: Page) =>
  page.evaluate(() => Number(document.activeElement?.getAttribute('data-index') ?? Number.NaN));

describe('the keyboard alone', () => {
  it('is enough to search, to look, to select and to come back', async () => {
    const page = await open('/c/photos/search');
    await page.getByText('Find what is like an image').waitFor();
    await page.keyboard.press('/');
    expect(await focus(page)).toEqual({ what: 'Add an image by its id', seen: true });
    await page.keyboard.type(String(await idOf('photos', photos.near[0]![0])));
    await page.keyboard.press('Enter');
    const found = await results(page);
    await page.keyboard.press('Escape');

    // By Tab to the results: of all of them one is in the order.
    for (let press = 0; press < 60 && Number.isNaN(await cellIndex(page)); press++)
      await page.keyboard.press('Tab');
    expect(await cellIndex(page)).toBe(0);
    expect((await focus(page)).seen).toBe(true);
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    expect(await cellIndex(page)).toBe(2);
    await page.keyboard.press('ArrowDown');
    const columns = Number(await resultsOf(page).getAttribute('aria-colcount'));
    await expect.poll(() => cellIndex(page), soon).toBe(2 + columns);
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('x');
    await page.keyboard.press('Shift+ArrowRight');
    await page.getByText('2 selected').waitFor();
    await page.keyboard.press('Escape');
    await page.getByText('2 selected').waitFor({ state: 'detached' });
    await page.keyboard.press('Home');
    await expect.poll(() => cellIndex(page), soon).toBe(0);
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('s');
    await expect.poll(() => new URL(page.url()).searchParams.get('q'), soon).toBe(String(found[1]!.id));
    await results(page);
    await resultsOf(page).locator('[data-index="0"]').focus();
    await page.keyboard.press('Enter');
    await page.getByRole('complementary', { name: 'About the image' }).waitFor();
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => new URL(page.url()).searchParams.get('at'), soon).toBe('1');
    await page.keyboard.press('Escape');
    await resultsOf(page).waitFor();
  });

  it('leads to every screen, and shows by a sheet what can be pressed', async () => {
    const page = await open('/c/photos/search');
    await page.getByText('Find what is like an image').waitFor();
    for (const [key, name] of [
      ['2', 'Browse'],
      ['3', 'Map'],
      ['5', 'Quality'],
      ['6', 'Jobs'],
      ['1', 'Search'],
      // Numbers mean copies there, so it is the last.
      ['4', 'Duplicates'],
    ] as const) {
      await page.keyboard.press(key);
      await page.getByRole('heading', { level: 1, name }).waitFor();
    }
    await page.getByRole('link', { name: 'Search' }).press('Enter');
    await page.getByText('Find what is like an image').waitFor();
    await page.keyboard.press('?');
    const sheet = page.getByRole('dialog', { name: 'Keyboard' });
    await sheet.waitFor();
    for (const does of ['Find similar', 'Select', 'Search box', 'This sheet'])
      expect(await sheet.getByText(does, { exact: true }).count(), does).toBeGreaterThan(0);
    await page.keyboard.press('Escape');
    await sheet.waitFor({ state: 'detached' });
  });

  it.each(['search', 'browse', 'map', 'duplicates', 'quality', 'jobs'])(
    'reaches all there is on the screen %s, and shows where it is',
    async (screen) => {
      const page = await open(`/c/photos/${screen}`);
      await page.getByRole('heading', { level: 1 }).first().waitFor();
      await page.locator('main img, main article, main .cards').first().waitFor();
      await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
      const walked: Focus[] = [];
      for (let press = 0; press < 25; press++) {
        await page.keyboard.press('Tab');
        // Behind the last there is the browser itself.
        if (await page.evaluate(() => document.activeElement === document.body)) break;
        walked.push(await focus(page));
      }
      expect(walked[0]!.what).toBe('Skip to the content');
      expect(walked.filter(({ seen }) => !seen).map(({ what }) => what)).toEqual([]);
      expect(new Set(walked.map(({ what }) => what)).size).toBeGreaterThan(10);
    },
  );
});
