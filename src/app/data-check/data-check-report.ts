import { basename } from 'node:path';
import { ImagekinError } from '../../core/errors.js';
import { packageVersion } from '../../core/package-version.js';
import { printable } from '../../core/printable.js';
import { mapConcurrently } from '../../data/concurrency.js';
import type { DecodePool } from '../../image/decode-pool.js';
import type { Image } from '../../image/image.js';
import { contactSheet } from '../../report/contact-sheet.js';
import { type ImageGroup, imageGroups } from '../../report/image-groups.js';
import { neighbourCollage } from '../../report/neighbour-collage.js';
import type { Report, ReportBlock, ReportSection } from '../../report/report.js';
import type { Tile } from '../../report/tile.js';
import { pictureOf } from './examine-image.js';
import { findingRules } from './finding-rules.js';
import { type DataCheck, type FoundFile, findingCount } from './findings.js';
import type { SurveyedImage } from './survey-images.js';

/** What a page can show before it is too long to read. */
const most = { groups: 40, tiles: 6, rows: 200, suspects: 40, outliers: 48 };

export interface DataCheckReportOptions {
  /** Every image, by its path in the findings. */
  readonly images: ReadonlyMap<string, SurveyedImage>;
  readonly pool: DecodePool;
  readonly command: string;
  readonly signal?: AbortSignal;
}

/** The findings as a page: a table of how many, and pictures of what was found. */
export async function dataCheckReport(check: DataCheck, options: DataCheckReportOptions): Promise<Report> {
  const pictures = new Pictures(options);
  const sections: ReportSection[] = [
    { title: 'Findings', blocks: [summary(check)] },
    ...unusableSections(check),
    ...(await duplicateSections(check, pictures)),
    ...(await labelSections(check, pictures)),
    ...(await outlierSections(check, pictures)),
    ...smallClassSections(check),
    ...removedSections(check),
  ];
  return {
    title: `Data check of ${printable(check.source)}`,
    lead: lead(check),
    keyFigures: [],
    sections,
    facts: [
      { term: 'images', value: count(check.images) },
      { term: 'classes', value: count(check.classes) },
      { term: 'model', value: check.model ?? 'none: labels and outliers were not judged' },
      { term: 'near duplicates', value: `hashes within ${check.limits.nearDistance} of 64 bits` },
      { term: 'neighbours', value: String(check.limits.k) },
      ...(check.manifest === null ? [] : [{ term: 'cleaned manifest', value: printable(check.manifest) }]),
      { term: 'imagekin', value: packageVersion },
    ],
    command: options.command,
    attributions: [],
    madeAt: new Date(),
  };
}

function lead(check: DataCheck): string {
  const findings = findingCount(check);
  const looked = `${count(check.images)} ${check.images === 1 ? 'image' : 'images'}${check.classes > 0 ? ` of ${count(check.classes)} ${check.classes === 1 ? 'class' : 'classes'}` : ''}`;
  if (findings === 0) return `${looked}, and nothing to find fault with.`;
  return `${looked}; ${count(findings)} ${findings === 1 ? 'finding' : 'findings'}. No file has been changed.`;
}

function summary(check: DataCheck): ReportBlock {
  return {
    kind: 'table',
    columns: ['what', 'found', 'rule'],
    rows: findingRules.map(({ title, of, rule }) => [title, of(check)?.length ?? null, rule(check.limits)]),
    ...(check.model === null ? { caption: 'Labels and outliers need a model: --model.' } : {}),
  };
}

function unusableSections({ corrupt, empty }: DataCheck): ReportSection[] {
  const files = [...corrupt, ...empty];
  if (files.length === 0) return [];
  return [
    {
      title: 'Files that do not decode',
      text: `They are skipped by everything that reads this source.${more(files.length, most.rows)}`,
      blocks: [
        {
          kind: 'table',
          columns: ['file', 'reason'],
          rows: files.slice(0, most.rows).map(({ path, reason }) => [printable(path), printable(reason)]),
        },
      ],
    },
  ];
}

async function duplicateSections(check: DataCheck, pictures: Pictures): Promise<ReportSection[]> {
  const differ = (labelsDiffer: boolean) => (labelsDiffer ? ', in different classes' : '');
  const near = (distance: number) => `near: ${distance} of 64 bits differ`;
  const kinds = [
    {
      title: 'Leaks between splits',
      text: 'What a model is tested on should not be among what it learned from: its figures would be too good.',
      file: 'leaks.png',
      groups: check.leaks.map(({ kind, files, distance }) => ({
        note: kind === 'exact' ? 'the same file' : near(distance),
        files,
      })),
    },
    {
      title: 'Exact duplicates',
      text: 'Files of the same bytes.',
      file: 'exact-duplicates.png',
      groups: check.exactDuplicates.map(({ files, labelsDiffer }) => ({
        note: `${count(files.length)} copies${differ(labelsDiffer)}`,
        files,
      })),
    },
    {
      title: 'Near duplicates',
      text: 'The same picture in another size, quality, format or crop. The largest comes first.',
      file: 'near-duplicates.png',
      groups: check.nearDuplicates.map(({ files, distance, labelsDiffer }) => ({
        note: `${near(distance)}${differ(labelsDiffer)}`,
        files,
      })),
    },
  ];
  const sections: ReportSection[] = [];
  for (const { title, text, file, groups } of kinds) {
    if (groups.length === 0) continue;
    const shown: ImageGroup[] = [];
    for (const { note, files } of groups.slice(0, most.groups)) {
      const hidden = files.length - most.tiles;
      shown.push({
        note: hidden > 0 ? `${note}; ${count(hidden)} more files` : note,
        tiles: await pictures.tiles(files.slice(0, most.tiles)),
      });
    }
    const figure = await imageGroups(shown, { alt: `${title}: ${count(groups.length)} groups of images` });
    sections.push({
      title,
      text: `${text}${more(groups.length, most.groups)}`,
      blocks: [{ kind: 'figure', figure, file }],
    });
  }
  return sections;
}

async function labelSections({ suspectedLabels }: DataCheck, pictures: Pictures): Promise<ReportSection[]> {
  if (!suspectedLabels?.length) return [];
  const examples: { query: Tile; neighbours: Tile[] }[] = [];
  for (const suspect of suspectedLabels.slice(0, most.suspects)) {
    const [query] = await pictures.tiles([suspect]);
    const neighbours = await pictures.tiles(suspect.neighbours.slice(0, 10));
    examples.push({
      query: { ...query!, caption: suspect.label, detail: `${suspect.suggested}?` },
      neighbours: neighbours.map((tile, i) => ({
        image: tile.image,
        id: tile.id,
        caption: suspect.neighbours[i]!.label ?? '',
        verdict: suspect.neighbours[i]!.label === suspect.label ? 'same' : 'other',
      })),
    });
  }
  return [
    {
      title: 'Suspected wrong labels',
      text: `Each image at the left with the nearest others by the model, which are of another class; green are those of its own. Surest first. A suspicion is to be looked at: hard images and classes that overlap raise it as well.${more(suspectedLabels.length, most.suspects)}`,
      blocks: [
        {
          kind: 'figure',
          figure: await neighbourCollage(examples, { tilePx: 72 }),
          file: 'suspected-labels.png',
        },
        {
          kind: 'table',
          columns: ['file', 'label', 'suggested', 'votes', 'confidence'],
          rows: suspectedLabels
            .slice(0, most.rows)
            .map(({ path, label, suggested, votes, k, confidence }) => [
              printable(path),
              label,
              suggested,
              `${votes} of ${k}`,
              { share: confidence },
            ]),
        },
      ],
    },
  ];
}

async function outlierSections({ outliers }: DataCheck, pictures: Pictures): Promise<ReportSection[]> {
  if (!outliers?.length) return [];
  const shown = outliers.slice(0, most.outliers);
  const tiles = (await pictures.tiles(shown)).map((tile, i) => ({
    ...tile,
    detail: `score ${shown[i]!.score.toFixed(1)}`,
  }));
  return [
    {
      title: 'Outliers',
      text: `Farther from all others than images of this set are, by the model.${more(outliers.length, most.outliers)}`,
      blocks: [
        {
          kind: 'figure',
          figure: await contactSheet(tiles, { columns: 8, tilePx: 104 }),
          file: 'outliers.png',
        },
      ],
    },
  ];
}

function smallClassSections({ smallClasses, limits }: DataCheck): ReportSection[] {
  if (smallClasses.length === 0) return [];
  return [
    {
      title: 'Small classes',
      text: `Classes of fewer than ${limits.minImages} images that decode; copies of one count once.${more(smallClasses.length, most.rows)}`,
      blocks: [
        {
          kind: 'table',
          columns: ['class', 'images'],
          rows: smallClasses.slice(0, most.rows).map(({ label, images }) => [printable(label), images]),
        },
      ],
    },
  ];
}

function removedSections({ removed, manifest }: DataCheck): ReportSection[] {
  if (!removed?.length || manifest === null) return [];
  return [
    {
      title: 'Left out of the cleaned manifest',
      text: `${printable(manifest)} lists all other images. Suspected labels stay as they are, with what their neighbours suggest in a column of its own.${more(removed.length, most.rows)}`,
      blocks: [
        {
          kind: 'table',
          columns: ['file', 'because', 'kept in its place'],
          rows: removed
            .slice(0, most.rows)
            .map(({ path, reason, kept }) => [
              printable(path),
              reason,
              kept === null ? null : printable(kept),
            ]),
        },
      ],
    },
  ];
}

function more(all: number, shown: number): string {
  return all > shown ? ` ${count(all - shown)} more in --json.` : '';
}

function count(number: number): string {
  return number.toLocaleString('en');
}

const picturePx = 192;
const captionLength = 30;

/** Pictures of files for tiles, decoded once however often they are shown. */
class Pictures {
  private readonly decoded = new Map<string, Image>();

  constructor(private readonly options: Pick<DataCheckReportOptions, 'images' | 'pool' | 'signal'>) {}

  async tiles(files: readonly FoundFile[]): Promise<Tile[]> {
    await mapConcurrently(files.length, async (i) => {
      this.options.signal?.throwIfAborted();
      const { path } = files[i]!;
      if (!this.decoded.has(path)) this.decoded.set(path, await this.decode(path));
    });
    return files.map(({ path, label, split }) => ({
      image: this.decoded.get(path)!,
      caption: shortened(basename(path)),
      detail: [label && shortened(label), split].filter(Boolean).join(' · '),
      id: printable(path),
    }));
  }

  private async decode(path: string): Promise<Image> {
    try {
      const { listed, size } = this.options.images.get(path)!;
      return await pictureOf(this.options.pool, listed.location, size, picturePx);
    } catch (error) {
      // It decoded a moment ago, and has changed since.
      if (!(error instanceof ImagekinError)) throw error;
      return { width: 1, height: 1, data: Uint8Array.of(128, 128, 128) };
    }
  }
}

/** Long names differ at their ends. */
function shortened(name: string): string {
  const characters = Array.from(printable(name));
  if (characters.length <= captionLength) return characters.join('');
  const head = Math.floor((captionLength - 1) / 3);
  return `${characters.slice(0, head).join('')}…${characters.slice(head + 1 - captionLength).join('')}`;
}
