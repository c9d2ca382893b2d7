import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decodeImage } from '../image/decode.js';
import { lossCurve } from './charts/loss-curve.js';
import { contactSheet } from './contact-sheet.js';
import { reportHtml, writeReport } from './html-report.js';
import type { Report } from './report.js';

const grey = { width: 1, height: 1, data: Uint8Array.of(90, 90, 90) };
const hostile = `<script>alert("x")</script>'&`;

async function sampleReport(): Promise<Report> {
  return {
    title: `cifar10 ${hostile}`,
    lead: hostile,
    keyFigures: [
      {
        label: 'precision@1',
        value: 0.4012,
        formula: 'mean over queries of rel(1)',
        floor: { label: 'raw pixels', value: 0.3131 },
      },
    ],
    sections: [
      {
        title: hostile,
        text: hostile,
        blocks: [
          {
            kind: 'figure',
            figure: lossCurve({ lossPerEpoch: [2, 1], title: hostile }),
            file: 'loss.png',
            caption: hostile,
          },
          {
            kind: 'figure',
            figure: await contactSheet([{ image: grey, caption: hostile, id: hostile, verdict: 'same' }]),
            file: 'images.png',
          },
          {
            kind: 'table',
            caption: hostile,
            columns: ['Class', hostile, 'Images', 'R-precision'],
            rows: [
              ['cat', hostile, 1000, { share: 0.25 }],
              ['dog', 'none', 2, null],
            ],
          },
        ],
      },
    ],
    facts: [{ term: hostile, value: hostile }],
    command: `imagekin demo ${hostile}`,
    attributions: [
      { text: hostile, url: 'https://example.org/?a=1&b=2' },
      { text: 'no link', url: 'javascript:alert(1)' },
    ],
    madeAt: new Date('2026-01-02T03:04:05Z'),
  };
}

describe('reportHtml', () => {
  it('escapes everything it is given', async () => {
    const html = reportHtml(await sampleReport());
    expect(html).not.toContain('<script');
    expect(html.match(/&lt;script&gt;/g)!.length).toBeGreaterThan(12);
  });

  it('loads nothing from anywhere: no script, style sheet, picture or font outside itself', async () => {
    const html = reportHtml(await sampleReport());
    for (const [, target] of html.matchAll(/\b(?:src|href|srcset|action|data)="([^"]*)"/g))
      expect(target).toMatch(
        /^(data:image\/|#section-\d|#made$|loss\.png$|images\.png$|https:\/\/example\.org)/,
      );
    for (const [, target] of html.matchAll(/url\(([^)]*)\)/g)) expect(target).toMatch(/^data:font\/woff2/);
    expect(html).not.toMatch(/<link|@import|<iframe|<object|javascript:/);
  });

  it('describes every picture in words', async () => {
    const html = reportHtml(await sampleReport());
    for (const [image] of html.matchAll(/<img[^>]*>/g)) expect(image).toMatch(/ alt="[^"]+"/);
    for (const [drawing] of html.matchAll(/<svg class="drawing"[^>]*>/g))
      expect(drawing).toMatch(/aria-label="[^"]+"/);
  });

  it('shows a figure beside its floor and formula', async () => {
    const html = reportHtml(await sampleReport());
    expect(html).toContain('<span class="key-value">0.401</span>');
    expect(html).toContain('<strong>0.313</strong> raw pixels');
    expect(html).toContain('mean over queries of rel(1)');
  });

  it('shows counts whole, shares with a bar, and a dash for what there is not', async () => {
    const html = reportHtml(await sampleReport());
    expect(html).toContain('<td class="number">1,000</td>');
    expect(html).toMatch(/0\.250<i style="--at:25%"/);
    expect(html).toContain('<td class="number">–</td>');
  });

  it('comes in light and dark, with the same paints declared in both', async () => {
    const html = reportHtml(await sampleReport());
    const dark = html.match(/prefers-color-scheme:dark\)\{:root\{([^}]*)\}/)![1];
    for (const [, name] of html.matchAll(/var\((--[a-zA-Z]+)\)/g)) {
      expect(html).toContain(`${name}:`);
      if (!['--tile', '--at', '--natural'].includes(name)) expect(dark).toContain(`${name}:`);
    }
  });

  it('closes every element it opens', async () => {
    const html = reportHtml(await sampleReport()).replace(/<style>.*<\/style>/s, '');
    const open: string[] = [];
    for (const [, closing, name, selfClosing] of html.matchAll(/<(\/?)([a-z][a-z0-9]*)\b[^>]*?(\/?)>/g)) {
      if (selfClosing || ['meta', 'img', 'br'].includes(name)) continue;
      if (closing) expect(open.pop()).toBe(name);
      else open.push(name);
    }
    expect(open).toEqual([]);
  });
});

describe('writeReport', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'imagekin-report-'));
  });
  afterEach(() => rm(directory, { recursive: true }));

  it('writes the page and a picture per figure, and leaves nothing else behind', async () => {
    const report = await sampleReport();
    const written = await writeReport(join(directory, 'report'), report);
    expect((await readdir(join(directory, 'report'))).sort()).toEqual([
      'images.png',
      'index.html',
      'loss.png',
    ]);
    expect(written.page).toBe(join(directory, 'report', 'index.html'));
    expect(await readFile(written.page, 'utf8')).toBe(reportHtml(report));
    for (const path of written.pictures) expect((await decodeImage(path)).width).toBeGreaterThan(100);
  });
});
