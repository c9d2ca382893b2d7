/// <reference lib="dom" />
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { narrow, pages, screenshots, violations } from './pages.js';
import { screensToSee } from './screens.js';

const open = pages();
const wide = { width: 1280, height: 800 };
const looks = [
  { look: 'light', colorScheme: 'light', viewport: wide },
  { look: 'dark', colorScheme: 'dark', viewport: wide },
  { look: 'narrow', colorScheme: 'light', viewport: narrow },
] as const;

/** Waits until what is in view is drawn: pictures decoded, nothing fading. */
async function settled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const inView = [...document.images].filter((image) => {
      const { top, bottom, width } = image.getBoundingClientRect();
      return width > 0 && bottom > 0 && top < innerHeight;
    });
    await Promise.all(inView.map((image) => image.decode().catch(() => {})));
    for (const animation of document.getAnimations())
      if (animation.effect?.getComputedTiming().iterations !== Infinity) animation.finish();
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  });
}

describe.each(looks)('in a window that is $look', ({ look, ...window }) => {
  it.each(screensToSee)(
    '$name can be used by everybody, fits, and asks for nothing elsewhere',
    async (screen) => {
      const page = await open(await screen.path(), {
        ...window,
        hasTouch: look === 'narrow',
        // What is wrong on purpose.
        expects: ['filter-wrong', 'no-such-collection'].includes(screen.name) ? [/status of 4\d\d/] : [],
      });
      await screen.ready(page);
      await settled(page);
      await page.screenshot({ path: join(screenshots, `${screen.name}-${look}.png`) });
      expect(await violations(page)).toEqual([]);
      const [content, room] = await page.evaluate(() => [
        document.documentElement.scrollWidth,
        document.documentElement.clientWidth,
      ]);
      expect(content).toBeLessThanOrEqual(room!);
    },
  );
});
