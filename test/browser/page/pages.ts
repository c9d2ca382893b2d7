/// <reference lib="dom" />
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Locator,
  type Page,
} from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, inject } from 'vitest';
import { chromiumPath } from '../install-chromium.js';

/** Screenshots, to be looked at. */
export const screenshots = 'test-output/page';
export const narrow = { width: 360, height: 740 } as const;

const flags = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
/** WebGL without a graphics card. */
export const drawnBySoftware = ['--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'];

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export interface OpenOptions extends BrowserContextOptions {
  /** Of another server than the one that all tests share. */
  readonly url?: string;
  /** What goes wrong on purpose: of such messages of the console the test says nothing. */
  readonly expects?: readonly RegExp[];
}

/**
 * A browser for the tests of a file. Each test opens windows with storage of their own, and fails where one of them
 * throws, logs an error, breaks its policy, or asks anything of another server.
 */
export function pages(moreFlags: readonly string[] = ['--disable-gpu']) {
  let browser: Browser;
  let open: { readonly context: BrowserContext; readonly problems: string[] }[] = [];
  beforeAll(async () => {
    mkdirSync(screenshots, { recursive: true });
    browser = await chromium.launch({ executablePath: chromiumPath(), args: [...flags, ...moreFlags] });
  });
  afterAll(() => browser?.close());
  afterEach(async ({ task }) => {
    const opened = open;
    open = [];
    if (task.result?.state === 'fail') {
      for (const page of opened.flatMap(({ context }) => context.pages())) {
        const name = task.name.replaceAll(/\W+/g, '-').slice(0, 80);
        await page.screenshot({ path: join(screenshots, `failed-${name}.png`) }).catch(() => {});
      }
    }
    await Promise.all(opened.map(({ context }) => context.close()));
    expect(opened.flatMap(({ problems }) => problems)).toEqual([]);
  });

  return async (path: string, { url, expects = [], ...options }: OpenOptions = {}): Promise<Page> => {
    const origin = url ?? inject('served').url;
    const context = await browser.newContext({
      viewport: { width: 1280, height: 800 },
      reducedMotion: 'reduce',
      ...options,
    });
    context.setDefaultTimeout(30_000);
    const problems: string[] = [];
    const note = (problem: string) => {
      if (!expects.some((expected) => expected.test(problem))) problems.push(problem);
    };
    context.on('console', (message) => {
      if (message.type() === 'error') note(`${message.text()} (${message.location().url})`);
    });
    context.on('weberror', (error) => note(String(error.error())));
    context.on('request', (request) => {
      const to = request.url();
      if (!to.startsWith(`${origin}/`) && !/^(data|blob):/.test(to)) note(`asks for ${to}`);
    });
    await context.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', (event) => {
        console.error(`policy: ${event.violatedDirective} forbids ${event.blockedURI}`);
      });
    });
    open.push({ context, problems });
    const page = await context.newPage();
    await page.goto(origin + path);
    return page;
  };
}

/** Serious and critical violations of the rules of accessibility, each with the elements that break it. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: typeof import('axe-core') };
    const { violations } = await axe.run(document, { resultTypes: ['violations'] });
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) =>
        nodes.map(({ target, failureSummary }) => `${id} at ${target.join(' ')}: ${failureSummary}`),
      );
  });
}

export interface Shown {
  readonly id: number;
  readonly label: string;
  readonly score: number;
}

/** The images that a grid shows, in its order. */
export async function shownIn(grid: Locator): Promise<Shown[]> {
  const cells = await grid.locator('.cell[data-id]').evaluateAll((elements) =>
    elements.map((cell) => ({
      index: Number(cell.getAttribute('data-index')),
      id: Number(cell.getAttribute('data-id')),
      label: cell.querySelector('.tile-label')?.textContent ?? '',
      score: Number(cell.querySelector('.tile-score')?.textContent ?? Number.NaN),
    })),
  );
  return cells.sort((a, b) => a.index - b.index).map(({ id, label, score }) => ({ id, label, score }));
}

export const resultsOf = (page: Page) => page.getByRole('grid', { name: 'Results' });

/** The results of the search that the page shows, as soon as they are those of its address. */
export async function results(page: Page): Promise<Shown[]> {
  await resultsOf(page).locator('.cell[data-id]').first().waitFor();
  await page.waitForFunction(() => !document.querySelector('.query-box.busy'));
  return shownIn(resultsOf(page));
}

/** What share of some results has a label. */
export function shareOf(label: string, shown: readonly Shown[]): number {
  return shown.filter((each) => each.label === label).length / shown.length;
}

/** Waits for what may take a while on a busy machine. */
export const soon = { timeout: 20_000, interval: 50 } as const;

/** An image of a served collection by its name: relative to its source. */
export async function idOf(collection: string, name: string): Promise<number> {
  const filter = encodeURIComponent(`name = "${name}"`);
  const { url } = inject('served');
  const answer = await fetch(`${url}/api/v1/collections/${collection}/images?filter=${filter}`);
  const { images } = (await answer.json()) as { images: { id: number }[] };
  if (images.length !== 1) throw new Error(`${images.length} images are called ${name}`);
  return images[0]!.id;
}

/** Parts of a query as an address has them. */
export function searchPath(collection: string, params: Readonly<Record<string, string | number>>): string {
  const text = Object.entries(params).map(([name, value]) => [name, String(value)]);
  return `/c/${collection}/search?${new URLSearchParams(text)}`;
}

/** Drags files from outside over the window and lets them fall on a field of those that appear. */
export async function dropFiles(page: Page, files: readonly string[], field: Locator): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: [...files], dragOperationsMask: 1 };
  const send = (type: 'dragEnter' | 'dragOver' | 'drop', x: number, y: number) =>
    session.send('Input.dispatchDragEvent', { type, x, y, data });
  await send('dragEnter', 400, 300);
  await send('dragOver', 400, 300);
  const { x, y, width, height } = (await field.boundingBox())!;
  await send('dragOver', x + width / 2, y + height / 2);
  await send('drop', x + width / 2, y + height / 2);
  await session.detach();
}
