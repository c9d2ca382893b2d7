// @ts-check
/**
 * What somebody waits for who opens the page: bytes of JavaScript and the largest contentful paint of the first view, and frames
 * while 10,000 results are scrolled through, in a Chromium without a window. There is no peer.
 */
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { flagValues, wholeNumber } from './flags.js';
import { madeCollection, startServer } from './served-collection.js';
import { quantiles } from './side-by-side.js';
import { printTable } from './table.js';
import { UsageError } from './usage-error.js';

export const name = 'page';
export const summary = 'the page in Chromium: bytes and time of the first view, frames while scrolling';
export const usage =
  '[--runs 7] [--speed 6000] [--most-seconds 120] [--source cifar10:test] [--model FILE] [--collection DIR]';

const browsers = [
  process.env.IMAGEKIN_TEST_CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];
const flags = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const viewport = { width: 1280, height: 800 };
/** The largest paint is known when nothing larger has come for so long. */
const quietMs = 1500;

/** @typedef {import('playwright-core').Page} Page */
/** @typedef {import('playwright-core').Browser} Browser */

/** @param {string[]} args */
export async function run(args) {
  const given = flagValues(name, args, {
    runs: '7',
    speed: '6000',
    'most-seconds': '120',
    source: 'cifar10:test',
    model: undefined,
    collection: undefined,
  });
  const runs = wholeNumber(name, 'runs', given.runs);
  const speed = wholeNumber(name, 'speed', given.speed);
  const mostSeconds = wholeNumber(name, 'most-seconds', given['most-seconds']);
  const executablePath = browsers.find((path) => path !== undefined && existsSync(path));
  if (!executablePath)
    throw new UsageError(
      `bench ${name}: no Chromium; install it (Debian: apt-get install chromium) or set IMAGEKIN_TEST_CHROMIUM`,
    );
  const collection = given.collection ?? (await madeCollection(name, String(given.source), given.model));
  const server = await startServer(name, collection);
  const browser = await chromium.launch({ executablePath, args: flags });
  try {
    const { collections } = await (await fetch(`${server.url}api/v1/collections`)).json();
    const { images } = collections[0];
    const at = `${server.url}c/${encodeURIComponent(collections[0].name)}/`;
    const results = `${at}search?q=${await someId(server.url, collections[0].name)}`;
    // The first search loads the index.
    await firstView(browser, results);
    const cases = [];
    for (const [view, url] of /** @type {const} */ ([
      ['start', `${at}search`],
      ['results', results],
      ['browse', `${at}browse`],
    ])) {
      const views = [];
      for (let run = 0; run < runs; run++) views.push(await firstView(browser, url));
      cases.push(
        measured(
          `${view}: JavaScript of the first view`,
          'kB sent',
          views.map(({ scriptBytes }) => scriptBytes / 1000),
        ),
        measured(
          `${view}: largest contentful paint`,
          'ms',
          views.map(({ paintMs }) => paintMs),
        ),
      );
      console.error(`${view}: ${runs} first views`);
    }
    const scrolled = [];
    for (const [list, url] of /** @type {const} */ ([
      ['results', results],
      ['browse', `${at}browse`],
    ])) {
      const found = await scroll(browser, url, speed, mostSeconds);
      cases.push(
        measured(`${list}: frames while scrolling, by seconds`, 'frames/s', found.framesPerSecond),
        measured(`${list}: time between frames`, 'ms', found.frameMs),
      );
      scrolled.push({ list, ...found.about });
      console.error(`${list}: scrolled through ${found.about.rows} rows`);
    }
    return { images, runs, speed, cases, scrolled };
  } finally {
    await browser.close();
    await server.stop();
  }
}

/** @param {Awaited<ReturnType<typeof run>>} report */
export function print({ images, runs, speed, cases, scrolled }) {
  console.log(`${images} images, ${runs} first views of each, scrolled at ${speed} pixels/s`);
  printTable(
    ['what', 'unit', 'median', 'least', 'most', '5 %', '95 %'],
    cases.map(({ name: title, unit, ours, spread, low, high }) => [
      title,
      unit,
      ...[ours, spread.ours.min, spread.ours.max, low, high].map((value) => value.toFixed(1)),
    ]),
  );
  for (const { list, seconds, waitedSeconds, rows, frames, slowFrames, longTasks, longestTaskMs } of scrolled)
    console.log(
      `${list}: ${rows} rows in ${seconds.toFixed(1)} s and ${waitedSeconds.toFixed(1)} s of waiting for more, ${frames} frames, ${((100 * slowFrames) / frames).toFixed(1)} % of them after more than 20 ms, ` +
        `${longTasks} tasks of more than 50 ms (the longest ${longestTaskMs.toFixed(0)} ms)`,
    );
}

/**
 * @param {string} title
 * @param {string} unit
 * @param {readonly number[]} values
 */
function measured(title, unit, values) {
  const at = quantiles(values);
  return {
    name: title,
    unit,
    ours: at(0.5),
    peer: null,
    peerName: null,
    ratio: null,
    spread: { ours: { min: at(0), max: at(1) }, peer: null },
    low: at(0.05),
    high: at(0.95),
  };
}

/**
 * @param {string} url
 * @param {string} collection
 */
async function someId(url, collection) {
  const answer = await fetch(
    `${url}api/v1/collections/${encodeURIComponent(collection)}/images?offset=1000&limit=1`,
  );
  return (await answer.json()).images[0].id;
}

/**
 * A visit with nothing cached.
 * @param {Browser} browser
 * @param {string} url
 */
async function firstView(browser, url) {
  const context = await browser.newContext({ viewport });
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send('Network.enable');
  const scripts = new Set();
  let scriptBytes = 0;
  session.on('Network.responseReceived', ({ requestId, type }) => {
    if (type === 'Script') scripts.add(requestId);
  });
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (scripts.has(requestId)) scriptBytes += encodedDataLength;
  });
  await page.addInitScript(() => {
    const seen = /** @type {{ paint?: { ms: number, at: number } }} */ (globalThis);
    new PerformanceObserver((list) => {
      const last = list.getEntries().at(-1);
      if (last) seen.paint = { ms: last.startTime, at: performance.now() };
    }).observe({ type: 'largest-contentful-paint', buffered: true });
  });
  await page.goto(url);
  await page.locator('main img').first().waitFor();
  await page.waitForFunction((quiet) => {
    const { paint } = /** @type {{ paint?: { ms: number, at: number } }} */ (globalThis);
    return paint !== undefined && performance.now() - paint.at > quiet;
  }, quietMs);
  const paintMs = await page.evaluate(
    () => /** @type {{ paint?: { ms: number } }} */ (globalThis).paint?.ms ?? 0,
  );
  await context.close();
  return { scriptBytes, paintMs };
}

/**
 * Scrolls through a list from top to bottom, at the same speed however many frames there are. Where the list grows, it waits at its
 * end for what comes; frames are counted while it moves.
 * @param {Browser} browser
 * @param {string} url
 * @param {number} speed pixels a second
 * @param {number} mostSeconds
 */
async function scroll(browser, url, speed, mostSeconds) {
  const context = await browser.newContext({ viewport });
  const page = await context.newPage();
  await page.goto(url);
  await page.locator('main [role=grid] .cell[data-id]').first().waitFor();
  await page.waitForTimeout(quietMs);
  const { deltas, tasks, waitedMs, rows } = await page.evaluate(
    async ([pixelsPerSecond, most]) => {
      const grid = /** @type {HTMLElement} */ (document.querySelector('main [role=grid]'));
      const scroller = /** @type {HTMLElement} */ (grid.closest('.scroll'));
      /** @type {number[]} */
      const deltas = [];
      /** @type {number[]} */
      const tasks = [];
      let waitedMs = 0;
      const observer = new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) tasks.push(duration);
      });
      observer.observe({ type: 'longtask' });
      await new Promise((resolve) => {
        let before = performance.now();
        let totalMs = 0;
        const step = (/** @type {number} */ now) => {
          const passed = Math.max(0, now - before);
          before = now;
          totalMs += passed;
          const end = scroller.scrollHeight - scroller.clientHeight;
          const atEnd = scroller.scrollTop >= end - 1;
          if (atEnd) waitedMs += passed;
          else deltas.push(passed);
          // Of a list that grows nobody knows how many rows it has.
          const isAll = grid.getAttribute('aria-rowcount') !== '-1';
          if ((atEnd && isAll) || totalMs > most * 1000) return resolve(undefined);
          if (!atEnd)
            scroller.scrollTop = Math.min(end, scroller.scrollTop + (pixelsPerSecond * passed) / 1000);
          requestAnimationFrame(step);
        };
        requestAnimationFrame(step);
      });
      observer.disconnect();
      const last = Math.max(
        ...[...grid.querySelectorAll('[aria-rowindex]')].map((row) =>
          Number(row.getAttribute('aria-rowindex')),
        ),
      );
      return { deltas, tasks, waitedMs, rows: last };
    },
    [speed, mostSeconds],
  );
  await context.close();
  return {
    frameMs: deltas,
    framesPerSecond: bySeconds(deltas),
    about: {
      rows,
      waitedSeconds: waitedMs / 1000,
      seconds: deltas.reduce((sum, delta) => sum + delta, 0) / 1000,
      frames: deltas.length,
      slowFrames: deltas.filter((delta) => delta > 20).length,
      longTasks: tasks.length,
      longestTaskMs: Math.max(0, ...tasks),
    },
  };
}

/**
 * Frames in each whole second.
 * @param {readonly number[]} deltas between frames, ms
 */
function bySeconds(deltas) {
  /** @type {number[]} */
  const counts = [];
  let now = 0;
  for (const delta of deltas) {
    now += delta;
    const second = Math.floor(now / 1000);
    while (counts.length <= second) counts.push(0);
    counts[second] = (counts[second] ?? 0) + 1;
  }
  return counts.slice(0, -1);
}
