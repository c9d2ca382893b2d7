import { join } from 'node:path';
import { writeFileAtomic } from '../core/files.js';
import { brandMark } from './brand-mark.js';
import { figureHtml, renderFigure } from './figure.js';
import { htmlStyle } from './html-style.js';
import { Markup, markup } from './markup.js';
import type { Attribution, KeyFigure, Report, ReportBlock, ReportSection, TableCell } from './report.js';

/** The files a report was written to. */
export interface WrittenReport {
  readonly page: string;
  readonly pictures: readonly string[];
}

/** Writes `index.html`, which needs no other file, and every figure as a PNG file beside it. */
export async function writeReport(directory: string, report: Report): Promise<WrittenReport> {
  const pictures: string[] = [];
  for (const block of report.sections.flatMap(({ blocks }) => blocks)) {
    if (block.kind !== 'figure' || block.file === undefined) continue;
    const path = join(directory, block.file);
    await writeFileAtomic(path, renderFigure(block.figure));
    pictures.push(path);
  }
  const page = join(directory, 'index.html');
  await writeFileAtomic(page, reportHtml(report));
  return { page, pictures };
}

/** The report as one HTML document: no script, no reference to any other file, light or dark as the reader likes. */
export function reportHtml(report: Report): string {
  const { title, lead, keyFigures, sections, facts, command, attributions, madeAt } = report;
  const linked = sections.map((section, i) => ({ section, id: `section-${i + 1}` }));
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="imagekin">
<title>${title}</title>
<style>${new Markup(htmlStyle())}</style>
</head>
<body>
<header>
<div class="brand">${brandMark}<span>imagekin</span><time datetime="${madeAt.toISOString()}">${readableTime(madeAt)}</time></div>
<h1>${title}</h1>
<p class="lead">${lead}</p>
<nav aria-label="Sections">${linked.map(({ section, id }) => markup`<a href="#${id}">${section.title}</a>`)}<a href="#made">How this was made</a></nav>
</header>
<main>
${keyFigures.length > 0 && markup`<ul class="key-figures">${keyFigures.map(keyFigureHtml)}</ul>`}
${linked.map(({ section, id }) => sectionHtml(section, id))}
<section id="made" aria-labelledby="made-title">
<h2 id="made-title">How this was made</h2>
<div class="made"><pre><code>${command}</code></pre>${
    facts.length > 0 &&
    markup`<dl>${facts.map(({ term, value }) => markup`<div><dt>${term}</dt><dd>${value}</dd></div>`)}</dl>`
  }</div>
</section>
</main>
<footer>${attributions.length > 0 && markup`<ul>${attributions.map((one) => markup`<li>${attributionHtml(one)}</li>`)}</ul>`}
<p>Made by imagekin.</p></footer>
</body>
</html>
`.text;
}

function keyFigureHtml({ label, value, formula, floor }: KeyFigure): Markup {
  return markup`<li><span class="key-label">${label}</span><span class="key-value">${value.toFixed(3)}</span>
<span class="meter" aria-hidden="true"><i style="width:${clampPercent(value)}%"></i>${floor && markup`<b style="left:${clampPercent(floor.value)}%"></b>`}</span>${
    floor && markup`<span class="key-floor"><strong>${floor.value.toFixed(3)}</strong> ${floor.label}</span>`
  }<span class="formula">${formula}</span></li>`;
}

function sectionHtml({ title, text, blocks }: ReportSection, id: string): Markup {
  return markup`<section id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${title}</h2>${text && markup`<p>${text}</p>`}
${blocks.map(blockHtml)}
</section>
`;
}

function blockHtml(block: ReportBlock): Markup {
  if (block.kind === 'figure') {
    const { figure, file, caption } = block;
    return markup`<figure class="block">${figureHtml(figure)}${
      (caption || file) &&
      markup`<figcaption class="about"><span>${caption}</span>${file && markup`<a href="${encodeURIComponent(file)}">${file}</a>`}</figcaption>`
    }</figure>`;
  }
  const { caption, columns, rows } = block;
  const numeric = columns.map((_, column) => rows.every((row) => typeof row[column] !== 'string'));
  const cell = (value: TableCell, column: number): Markup =>
    column === 0
      ? markup`<th scope="row">${cellHtml(value)}</th>`
      : markup`<td${numeric[column] && markup` class="number"`}>${cellHtml(value)}</td>`;
  return markup`<div class="block"><div class="scroll"><table>${caption && markup`<caption>${caption}</caption>`}
<thead><tr>${columns.map((name, column) => markup`<th scope="col"${numeric[column] && column > 0 && markup` class="number"`}>${name}</th>`)}</tr></thead>
<tbody>${rows.map((row) => markup`<tr>${row.map(cell)}</tr>`)}</tbody></table></div></div>`;
}

function cellHtml(cell: TableCell): Markup {
  if (cell === null) return markup`–`;
  if (typeof cell === 'string') return markup`${cell}`;
  if (typeof cell === 'number')
    return markup`${Number.isInteger(cell) ? cell.toLocaleString('en') : cell.toFixed(3)}`;
  return markup`<span class="share">${cell.share.toFixed(3)}<i style="--at:${clampPercent(cell.share)}%" aria-hidden="true"></i></span>`;
}

function attributionHtml({ text, url }: Attribution): Markup {
  return url && /^https?:\/\//.test(url) ? markup`<a href="${url}">${text}</a>` : markup`${text}`;
}

function clampPercent(share: number): number {
  return Math.max(0, Math.min(100, share * 100));
}

function readableTime(time: Date): string {
  return `${time.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
