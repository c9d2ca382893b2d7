/// <reference lib="dom" />
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../src/core/random.js';
import { mapPage } from '../../src/report/map-page.js';
import { chromiumPath } from './install-chromium.js';

/** Screenshots, to be looked at. */
const pictures = 'test-output';
const flags = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-sync'];
const colours = ['#c04040', '#40a060', '#4060c0'];
const perGroup = 60;

describe('the page of a map, in Chromium', () => {
  const directory = mkdtempSync(join(tmpdir(), 'imagekin-map-'));
  const address = pathToFileURL(join(directory, 'map.html')).href;
  let browser: Browser;

  beforeAll(async () => {
    mkdirSync(pictures, { recursive: true });
    mkdirSync(join(directory, 'red'));
    const random = Random.of(1, 'map page');
    const count = colours.length * perGroup;
    const groupOf = Int32Array.from({ length: count }, (_, i) => Math.floor(i / perGroup));
    const at = (axis: number) =>
      Float64Array.from(
        groupOf,
        (group) =>
          [
            [0, 0],
            [8, 1],
            [3, 7],
          ][group]![axis]! + random.normal(),
      );
    const flat = (colour: string) =>
      sharp({ create: { width: 90, height: 60, channels: 3, background: colour } });
    const thumbnails = new Map<number, Uint8Array>();
    for (let i = 0; i < count; i++)
      if (i !== 1) thumbnails.set(i, await flat(colours[groupOf[i]!]!).webp().toBuffer());
    await flat('#ff00ff')
      .png()
      .toFile(join(directory, 'red', '0001 #1.png'));
    const page = mapPage({
      title: 'Map of photos.kin',
      lead: '180 images · 3 clusters',
      notes: ['Seed 0.'],
      command: 'imagekin map photos.kin -o map.html',
      x: at(0),
      y: at(1),
      paths: [...groupOf].map((group, i) =>
        i === 1 ? 'red/0001 #1.png' : `${['red', 'green', 'blue'][group]}/${String(i).padStart(4, '0')}.png`,
      ),
      base: `${pathToFileURL(directory).href}/`,
      noFile: [2],
      groups: [0, 1, 2].map((group) => ({
        name: `cluster ${group + 1}`,
        detail: '60 images',
        medoid: group * perGroup,
      })),
      groupOf,
      labels: {
        groups: [{ name: 'odd', detail: '90 images', medoid: -1 }],
        of: groupOf.map((_, i) => (i % 2) - 1),
      },
      outliers: [5],
      thumbnails,
    });
    writeFileSync(join(directory, 'map.html'), page);
    browser = await chromium.launch({ executablePath: chromiumPath(), args: flags });
  });

  afterAll(async () => {
    await browser?.close();
    rmSync(directory, { recursive: true, force: true });
  });

  async function open(options: Parameters<Browser['newPage']>[0] = {}) {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, ...options });
    const problems: string[] = [];
    page.on('console', (message) => void (message.type() === 'error' && problems.push(message.text())));
    page.on('pageerror', (error) => void problems.push(error.message));
    page.on('request', (request) => {
      if (!/^(data|file):/.test(request.url())) problems.push(`asks for ${request.url()}`);
    });
    await page.goto(address);
    await page.waitForTimeout(200);
    return { page, problems };
  }

  /** Where a point is in the window. */
  async function place(page: Page, point: number): Promise<[number, number]> {
    const box = (await page.locator('#stage canvas').boundingBox())!;
    const [x, y] = await page.evaluate(
      (i) =>
        (document.querySelector('canvas') as unknown as { locate(i: number): [number, number] }).locate(i),
      point,
    );
    return [box.x + x, box.y + y];
  }

  it.each(['light', 'dark'] as const)(
    'draws the points in %s, and needs nothing else',
    async (colorScheme) => {
      const { page, problems } = await open({ colorScheme });
      const painted = await page.evaluate(() => {
        const canvas = document.querySelector('canvas')!;
        const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
        let pixels = 0;
        for (let i = 3; i < data.length; i += 4) if (data[i]! > 0) pixels++;
        return pixels;
      });
      expect(painted).toBeGreaterThan(180 * 10);
      expect(await page.locator('#legend button').count()).toBe(3);
      expect(problems).toEqual([]);
      await page.screenshot({ path: join(pictures, `map-${colorScheme}.png`) });
    },
  );

  it('shows the picture and the name of what the mouse is on, from its file where the page has none', async () => {
    const { page, problems } = await open();
    for (const [point, name] of [
      [70, '0070.png'],
      [1, '0001 #1.png'],
    ] as const) {
      await page.mouse.move(...(await place(page, point)));
      await page.waitForTimeout(150);
      expect(await page.locator('#card b').textContent()).toBe(name);
      const width = await page.$eval('#card img', (image) => (image as HTMLImageElement).naturalWidth);
      expect(width).toBe(90);
    }
    await page.mouse.move(...(await place(page, 70)));
    expect(await page.locator('#card').isVisible()).toBe(true);
    expect(problems).toEqual([]);
  });

  it('zooms about the mouse, moves, and comes back', async () => {
    const { page } = await open();
    const before = await place(page, 100);
    await page.mouse.move(...before);
    await page.mouse.wheel(0, -600);
    await page.waitForTimeout(100);
    const zoomed = await place(page, 100);
    expect(Math.hypot(zoomed[0] - before[0], zoomed[1] - before[1])).toBeLessThan(2);
    const other = await place(page, 10);
    await page.mouse.down();
    await page.mouse.move(before[0] + 120, before[1] + 40, { steps: 4 });
    await page.mouse.up();
    const moved = await place(page, 10);
    expect(moved[0] - other[0]).toBeCloseTo(120, 0);
    expect(moved[1] - other[1]).toBeCloseTo(40, 0);
    await page.getByRole('button', { name: 'Fit' }).click();
    const back = await place(page, 100);
    expect(back[0]).toBeCloseTo(before[0], 3);
  });

  it('opens the file that is clicked', async () => {
    const { page } = await open();
    const opened = page.waitForEvent('popup');
    await page.mouse.click(...(await place(page, 1)));
    const file = await opened;
    await file.waitForLoadState();
    expect(file.url()).toBe(pathToFileURL(join(directory, 'red', '0001 #1.png')).href);
  });

  it('finds by name, and colours by label', async () => {
    const { page } = await open();
    await page.getByRole('searchbox').fill('green 0061');
    expect(await page.locator('#found').textContent()).toBe('1 of 180');
    await page.getByRole('button', { name: 'Labels' }).click();
    expect(await page.locator('#legend').innerText()).toMatch(/odd\s+90 images/);
  });

  it('fits a telephone', async () => {
    const { page } = await open({ viewport: { width: 390, height: 844 } });
    const [content, window] = await page.evaluate(() => [
      document.documentElement.scrollWidth,
      document.documentElement.clientWidth,
    ]);
    expect(content).toBeLessThanOrEqual(window!);
    await page.screenshot({ path: join(pictures, 'map-narrow.png') });
  });
});
