import { basename } from 'node:path';
import type { Collection } from '../../collection/collection.js';
import { packageVersion } from '../../core/package-version.js';
import { printable } from '../../core/printable.js';
import { decodeImage } from '../../image/decode.js';
import type { Image } from '../../image/image.js';
import { type ImageGroup, imageGroups } from '../../report/image-groups.js';
import type { Report, ReportSection } from '../../report/report.js';
import type { Tile } from '../../report/tile.js';
import type { DuplicatesResult, ListedGroup } from './duplicates-result.js';
import { readableBytes } from './readable-bytes.js';

/** What a page can show before it is too long to read. */
const most = { groups: 200, tiles: 8 };
const captionLength = 30;

/** The groups as a page: the pictures of each side by side, the one to keep first. */
export async function duplicatesReport(
  result: DuplicatesResult,
  collection: Collection,
  command: string,
  signal?: AbortSignal,
): Promise<Report> {
  const sections: ReportSection[] = [];
  const kinds = [
    { kind: 'exact', title: 'Copies of the same bytes', text: 'Any of them will do.' },
    {
      kind: 'near',
      title: 'The same picture in other files',
      text: 'In another size, quality, format or crop. Look before you let them go: frames of a series may be alike.',
    },
  ] as const;
  for (const { kind, title, text } of kinds) {
    const groups = result.groups.filter((group) => group.kind === kind);
    if (groups.length === 0) continue;
    const shown: ImageGroup[] = [];
    for (const group of groups.slice(0, most.groups)) {
      signal?.throwIfAborted();
      shown.push(await imageGroup(group, collection));
    }
    const rest = groups.length - shown.length;
    sections.push({
      title,
      text: `${text} The one with the green border is the best of its group.${rest > 0 ? ` ${rest.toLocaleString('en')} more groups in --json.` : ''}`,
      blocks: [
        {
          kind: 'figure',
          figure: await imageGroups(shown, { alt: `${title}: ${groups.length} groups`, tilePx: 136 }),
        },
      ],
    });
  }
  return {
    title: `Duplicates in ${printable(basename(result.collection))}`,
    lead: lead(result),
    keyFigures: [],
    sections,
    facts: [
      { term: 'images', value: result.images.toLocaleString('en') },
      { term: 'best copy', value: 'most pixels, then the largest file, the oldest, the shortest path' },
      ...(result.kind === 'exact'
        ? []
        : [
            { term: 'the same picture', value: `hashes within ${result.nearDistance} of 64 bits, and alike` },
          ]),
      ...(result.moved?.undoFile ? [{ term: 'undo file', value: printable(result.moved.undoFile) }] : []),
      { term: 'imagekin', value: packageVersion },
    ],
    command,
    attributions: [],
    madeAt: new Date(),
  };
}

function lead({ groups, duplicates, duplicateBytes, moved }: DuplicatesResult): string {
  if (groups.length === 0) return 'No two images are copies of one another.';
  const found = `${groups.length.toLocaleString('en')} ${groups.length === 1 ? 'group' : 'groups'}, ${duplicates.toLocaleString('en')} ${duplicates === 1 ? 'image' : 'images'} more than needed, ${readableBytes(duplicateBytes)} in all.`;
  if (moved === null) return `${found} No file has been moved.`;
  return `${found} ${moved.files.length.toLocaleString('en')} have been moved to ${printable(moved.to)}.`;
}

async function imageGroup(
  { kind, distance, files }: ListedGroup,
  collection: Collection,
): Promise<ImageGroup> {
  const shown = files.slice(0, most.tiles);
  const hidden = files.length - shown.length;
  const note =
    kind === 'exact' ? `${files.length.toLocaleString('en')} copies` : `${distance} of 64 bits differ`;
  const tiles: Tile[] = [];
  for (const { id, path, width, height, bytes, role } of shown)
    tiles.push({
      image: await pictureOf(collection, id),
      caption: shortened(basename(path)),
      detail: [
        width !== null && height !== null && `${width}×${height}`,
        bytes !== null && readableBytes(bytes),
      ]
        .filter(Boolean)
        .join(' · '),
      id: printable(path),
      ...(role === 'keep' ? { verdict: 'same' as const } : {}),
    });
  return { note: hidden > 0 ? `${note}; ${hidden.toLocaleString('en')} more files` : note, tiles };
}

async function pictureOf({ catalog }: Collection, id: number): Promise<Image> {
  const thumbnail = catalog.previews.thumbnail(id);
  const decoded = thumbnail && (await decodeImage(thumbnail).catch(() => undefined));
  return decoded ?? { width: 1, height: 1, data: Uint8Array.of(128, 128, 128) };
}

/** Long names differ at their ends. */
function shortened(name: string): string {
  const characters = Array.from(printable(name));
  if (characters.length <= captionLength) return characters.join('');
  const head = Math.floor((captionLength - 1) / 3);
  return `${characters.slice(0, head).join('')}…${characters.slice(head + 1 - captionLength).join('')}`;
}
