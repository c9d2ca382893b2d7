/// <reference lib="dom" />
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumPath } from './install-chromium.js';

/** Screenshots, to be looked at. */
const pictures = 'test-output';
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

describe('the page of the demo, in Chromium', () => {
  const directory = mkdtempSync(join(tmpdir(), 'imagekin-browser-'));
  const address = pathToFileURL(join(directory, 'report', 'index.html')).href;
  let browser: Browser;

  beforeAll(async () => {
    const demo = ['dist/cli/main.js', 'demo', 'emoji', '--out', directory, '--epochs', '1', '--batches', '3'];
    execFileSync(process.execPath, demo, { stdio: 'ignore' });
    browser = await chromium.launch({ executablePath: chromiumPath(), args: flags });
    mkdirSync(pictures, { recursive: true });
  });

  afterAll(async () => {
    await browser?.close();
    rmSync(directory, { recursive: true, force: true });
  });

  async function open(options: Parameters<Browser['newPage']>[0] = {}) {
    const page = await browser.newPage(options);
    const problems: string[] = [];
    page.on('console', (message) => void (message.type() === 'error' && problems.push(message.text())));
    page.on('pageerror', (error) => void problems.push(error.message));
    page.on('request', (request) => {
      if (request.url() !== address && !request.url().startsWith('data:'))
        problems.push(`asks for ${request.url()}`);
    });
    await page.goto(address);
    return { page, problems };
  }

  it('shows every picture, and needs nothing but itself', async () => {
    const { page, problems } = await open();
    const broken = await page.$$eval(
      'img',
      (images) => images.filter((image) => image.naturalWidth === 0).length,
    );
    expect(await page.locator('img').count()).toBeGreaterThan(50);
    expect(broken).toBe(0);
    expect(problems).toEqual([]);
  });

  it('leads with the figures, and says what they are compared to', async () => {
    const { page } = await open();
    const text = await page.locator('body').innerText();
    expect(text).toMatch(/precision@1\s+0\.\d{3}/);
    expect(text).toContain('raw 16×16 pixels');
  });

  it.each(['light', 'dark'] as const)('has readable text in %s', async (colorScheme) => {
    const { page } = await open({ colorScheme, viewport: { width: 1200, height: 900 } });
    expect(await contrastOfBody(page)).toBeGreaterThan(7);
    await page.screenshot({ path: join(pictures, `report-${colorScheme}.png`), fullPage: true });
  });

  it('fits a telephone: nothing but wide tables and charts scrolls sideways', async () => {
    const { page } = await open({ viewport: { width: 390, height: 844 } });
    const [content, window] = await page.evaluate(() => [
      document.documentElement.scrollWidth,
      document.documentElement.clientWidth,
    ]);
    expect(content).toBeLessThanOrEqual(window!);
    await page.screenshot({ path: join(pictures, 'report-narrow.png'), fullPage: true });
  });

  it('describes every picture to those who cannot see it', async () => {
    const { page } = await open();
    const silent = await page.$$eval(
      'img:not([alt]), svg[role="img"]:not([aria-label])',
      (elements) => elements.length,
    );
    expect(silent).toBe(0);
  });
});

/** Contrast ratio of text and ground, by WCAG 2. */
function contrastOfBody(page: Page): Promise<number> {
  return page.evaluate(() => {
    const { color, backgroundColor } = getComputedStyle(document.body);
    const luminance = (colour: string) => {
      const parts = colour
        .match(/\d+(\.\d+)?/g)!
        .slice(0, 3)
        .map(Number);
      const [r, g, b] = parts.map((part) => {
        const v = part / 255;
        return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
      }) as [number, number, number];
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const [high, low] = [luminance(color), luminance(backgroundColor)].sort((a, b) => b - a) as [
      number,
      number,
    ];
    return (high + 0.05) / (low + 0.05);
  });
}
