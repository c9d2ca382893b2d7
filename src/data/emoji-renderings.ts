import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ImagekinError } from '../core/errors.js';
import { writeFileAtomic } from '../core/files.js';
import type { OnProgress } from '../core/progress.js';
import { decodeImage, svgRendererVersion } from '../image/decode.js';
import type { Size } from '../image/image.js';
import { mapConcurrently } from './concurrency.js';
import { type Emoji, emojiAttributions, emojiSetNames, joinEmoji, readEmojiIcons } from './emoji-sets.js';
import { iconSvg } from './iconify-icon.js';

export interface EmojiRenderings {
  readonly emoji: readonly Pick<Emoji, 'codePoints' | 'name'>[];
  readonly size: Size;
  /** uint8 [emoji.length, emojiSetNames.length, size.height, size.width, 3] */
  readonly pixels: Uint8Array;
}

export interface RenderingOptions {
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

const renderedSize: Size = { width: 64, height: 64 };

/**
 * The drawings as pixels, from the cache in `directory` where it is whole and made by the packages installed now;
 * otherwise rendered, which takes about ten seconds, and cached.
 */
export async function loadEmojiRenderings(
  directory: string,
  options: RenderingOptions = {},
): Promise<EmojiRenderings> {
  const path = join(directory, `renderings-${renderedSize.width}.bin`);
  const versions = await renderingVersions();
  const cached = decodeCache(await readFile(path).catch(() => undefined), versions);
  if (cached !== undefined) return cached;
  const renderings = await renderEmoji(options);
  try {
    await writeFileAtomic(path, encodeCache(renderings, versions));
  } catch (error) {
    // A home that cannot be written costs the next run its ten seconds, not this one its images.
    if (!(error instanceof ImagekinError)) throw error;
  }
  return renderings;
}

/** Everything a drawing's pixels depend on. */
async function renderingVersions(): Promise<Record<string, string>> {
  const sets = (await emojiAttributions()).map(({ set, version }) => [set, version]);
  return { ...Object.fromEntries(sets), librsvg: svgRendererVersion };
}

async function renderEmoji({ onProgress, signal }: RenderingOptions): Promise<EmojiRenderings> {
  const emoji = await joinEmoji();
  const icons = await Promise.all(emojiSetNames.map(readEmojiIcons));
  const sets = icons.length;
  const length = renderedSize.width * renderedSize.height * 3;
  const total = emoji.length * sets;
  const pixels = new Uint8Array(total * length);
  let done = 0;
  await mapConcurrently(total, async (index) => {
    signal?.throwIfAborted();
    const { codePoints, icons: names } = emoji[Math.floor(index / sets)]!;
    const set = index % sets;
    const svg = iconSvg(icons[set]!, names[set]!, renderedSize);
    const { data } = await decodeImage(Buffer.from(svg), { name: `${emojiSetNames[set]}/${codePoints}` });
    pixels.set(data, index * length);
    done++;
    onProgress?.({ task: 'rendering emoji', done, total, unit: 'images' });
  });
  return { emoji, size: renderedSize, pixels };
}

// The cache: 8 bytes of magic; format version and length of the header, uint32 little endian; SHA-256 of all that
// follows; the header as JSON; the pixels.
const magic = Buffer.from('IKEMOJI\0');
const formatVersion = 1;
const prefixLength = magic.length + 8 + 32;

interface CacheHeader {
  readonly versions: Record<string, string>;
  readonly size: Size;
  readonly emoji: readonly Pick<Emoji, 'codePoints' | 'name'>[];
}

export function encodeCache(
  { emoji, size, pixels }: EmojiRenderings,
  versions: Record<string, string>,
): Uint8Array {
  const header: CacheHeader = {
    versions,
    size,
    emoji: emoji.map(({ codePoints, name }) => ({ codePoints, name })),
  };
  const json = Buffer.from(JSON.stringify(header));
  const numbers = Buffer.alloc(8);
  numbers.writeUInt32LE(formatVersion, 0);
  numbers.writeUInt32LE(json.length, 4);
  const checksum = createHash('sha256').update(json).update(pixels).digest();
  return Buffer.concat([magic, numbers, checksum, json, pixels]);
}

/** What the file holds, or undefined where it is missing, of another format, damaged, or of other `versions`. */
export function decodeCache(
  bytes: Buffer | undefined,
  versions: Record<string, string>,
): EmojiRenderings | undefined {
  if (bytes === undefined || bytes.length < prefixLength) return undefined;
  if (!bytes.subarray(0, magic.length).equals(magic)) return undefined;
  if (bytes.readUInt32LE(magic.length) !== formatVersion) return undefined;
  const headerLength = bytes.readUInt32LE(magic.length + 4);
  const checksum = bytes.subarray(magic.length + 8, prefixLength);
  const body = bytes.subarray(prefixLength);
  if (!createHash('sha256').update(body).digest().equals(checksum)) return undefined;
  const header: CacheHeader = JSON.parse(body.toString('utf8', 0, headerLength));
  if (JSON.stringify(header.versions) !== JSON.stringify(versions)) return undefined;
  return { emoji: header.emoji, size: header.size, pixels: body.subarray(headerLength) };
}
