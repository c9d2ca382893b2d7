import type { Page } from 'playwright-core';
import { inject } from 'vitest';
import { idOf, results, searchPath } from './pages.js';

/** A screen as it is looked at: by eyes, by axe, by who has a narrow window. */
export interface ScreenToSee {
  readonly name: string;
  readonly path: () => Promise<string> | string;
  /** Waits until all of it is there. */
  readonly ready: (page: Page) => Promise<unknown>;
}

const { photos } = inject('served');
const near = () => idOf('photos', photos.near[0]![0]);
const tiles = (page: Page) => page.locator('main .cell[data-id] img').first().waitFor();
const text = (words: string) => (page: Page) => page.getByText(words).first().waitFor();

/** All screens, and what opens over them. */
export const screensToSee: readonly ScreenToSee[] = [
  { name: 'start', path: () => '/c/photos/search', ready: tiles },
  {
    name: 'results',
    path: async () => {
      const q = `${await near()}~-${await idOf('photos', photos.exact[0])}`;
      return searchPath('photos', { q, where: `label != "${photos.classes[4]}"` });
    },
    ready: results,
  },
  {
    name: 'filter-wrong',
    path: async () => searchPath('photos', { q: await near(), where: 'label = = 3' }),
    ready: text('The filter cannot be read'),
  },
  { name: 'browse', path: () => '/c/photos/browse', ready: tiles },
  {
    name: 'browse-selected',
    path: () => '/c/photos/browse?order=-id',
    ready: async (page) => {
      await tiles(page);
      const cells = page.locator('main .cell[data-id]');
      for (const at of [1, 2]) await cells.nth(at).click({ modifiers: ['Control'] });
    },
  },
  {
    name: 'browse-nothing',
    path: () => `/c/photos/browse?where=${encodeURIComponent('width > 100000')}`,
    ready: text('No image meets the filter'),
  },
  {
    name: 'image',
    path: async () => `/c/photos/image/${await near()}?in=browse&at=3`,
    ready: (page) => page.locator('.neighbours img').first().waitFor(),
  },
  {
    name: 'crop',
    path: async () => `/c/photos/image/${await near()}`,
    ready: async (page) => {
      await page.getByRole('button', { name: 'A part' }).click();
      await page.locator('.crop-editor img').waitFor();
    },
  },
  { name: 'map', path: () => '/c/photos/map', ready: text('Neighbours on the map') },
  {
    name: 'map-picked',
    path: () => `/c/photos/map?by=label&panel=labels&labels=${photos.classes[0]}`,
    // In a narrow window it stands below the map, and is drawn when it is scrolled to.
    ready: async (page) => {
      await page.locator('.picked').scrollIntoViewIfNeeded();
      await page.locator('.picked .cell[data-id] img').first().waitFor();
    },
  },
  { name: 'map-missing', path: () => '/c/changes/map', ready: text('No map yet') },
  {
    name: 'duplicates',
    path: () => '/c/photos/duplicates',
    ready: (page) => page.locator('.copies img').first().waitFor(),
  },
  {
    name: 'trash',
    path: () => '/c/photos/duplicates?trash=1',
    ready: (page) => page.getByRole('dialog', { name: 'Trash' }).getByText('trash').first().waitFor(),
  },
  { name: 'quality', path: () => '/c/photos/quality', ready: text('Precision@1') },
  {
    name: 'confusion',
    path: () => '/c/photos/quality?show=confusion',
    ready: (page) => page.locator('.matrix-cell').first().waitFor(),
  },
  {
    name: 'confusion-cell',
    path: () => `/c/photos/quality?show=confusion&of=${photos.classes[0]}&as=${photos.classes[0]}`,
    ready: (page) => page.locator('.pair img').first().waitFor(),
  },
  {
    name: 'labels',
    path: () => '/c/photos/quality?show=labels',
    ready: (page) => page.locator('.label-table tbody tr').first().waitFor(),
  },
  {
    name: 'suspects',
    path: () => '/c/photos/quality?show=suspects',
    ready: (page) => page.locator('.suspects, .empty').first().waitFor(),
  },
  {
    name: 'outliers',
    path: () => '/c/photos/quality?show=outliers',
    ready: (page) => page.locator('.quality img, .quality .muted').first().waitFor(),
  },
  {
    name: 'model',
    path: () => '/c/photos/quality?show=model',
    ready: (page) => page.locator('.quality dl').first().waitFor(),
  },
  {
    name: 'jobs',
    path: () => '/c/photos/jobs',
    ready: (page) => page.getByRole('article').first().waitFor(),
  },
  {
    name: 'keyboard-sheet',
    path: () => '/c/photos/browse',
    ready: async (page) => {
      await tiles(page);
      await page.keyboard.press('?');
      await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
    },
  },
  {
    name: 'no-such-collection',
    path: () => '/c/nothing/browse',
    ready: text('No collection “nothing” is served'),
  },
];
