import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { IconifyIcons } from './iconify-icon.js';

/** The four artists' sets, in the order in which an emoji's renderings are numbered. */
export const emojiSetNames = ['noto', 'twemoji', 'openmoji', 'fluent-emoji-flat'] as const;
export type EmojiSetName = (typeof emojiSetNames)[number];

/** Who made a set, and on what terms its drawings may be shown. */
export interface EmojiAttribution {
  readonly set: EmojiSetName;
  readonly title: string;
  readonly author: string;
  readonly authorUrl: string;
  /** SPDX identifier. */
  readonly licence: string;
  readonly licenceUrl: string;
  /** Version of the npm package that carries the set. */
  readonly version: string;
}

/** An emoji that all four sets draw. */
export interface Emoji {
  /** Unicode code points in lower-case hex, joined by hyphens, without variation selectors: `1f468-200d-2696`. */
  readonly codePoints: string;
  /** What it shows, unique among the emoji: `man-judge`. */
  readonly name: string;
  /** Name of its icon in each set, in the order of `emojiSetNames`. */
  readonly icons: readonly string[];
}

interface IconifyInfo {
  readonly name: string;
  readonly author: { readonly name: string; readonly url: string };
  readonly license: { readonly spdx: string; readonly url: string };
}

export async function emojiAttributions(): Promise<EmojiAttribution[]> {
  return Promise.all(
    emojiSetNames.map(async (set) => {
      const { name, author, license } = await readSetFile<IconifyInfo>(set, 'info.json');
      const { version } = await readSetFile<{ version: string }>(set, 'package.json');
      return {
        set,
        title: name,
        author: author.name,
        authorUrl: author.url,
        licence: license.spdx,
        licenceUrl: license.url,
        version,
      };
    }),
  );
}

/** Every emoji without a skin-tone modifier that stands in all four sets, ordered by code points. */
export async function joinEmoji(): Promise<Emoji[]> {
  const tables = await Promise.all(
    emojiSetNames.map((set) => readSetFile<Record<string, string>>(set, 'chars.json')),
  );
  const names = tables[0]!;
  return Object.keys(names)
    .filter((codePoints) => tables.every((icons) => codePoints in icons))
    .filter((codePoints) => !codePoints.split('-').some(isSkinTone))
    .sort()
    .map((codePoints) => ({
      codePoints,
      name: names[codePoints]!,
      icons: tables.map((icons) => icons[codePoints]!),
    }));
}

export function readEmojiIcons(set: EmojiSetName): Promise<IconifyIcons> {
  return readSetFile(set, 'icons.json');
}

function isSkinTone(codePoint: string): boolean {
  return codePoint >= '1f3fb' && codePoint <= '1f3ff' && codePoint.length === 5;
}

const { resolve } = createRequire(import.meta.url);

async function readSetFile<T>(set: EmojiSetName, file: string): Promise<T> {
  return JSON.parse(await readFile(resolve(`@iconify-json/${set}/${file}`), 'utf8'));
}
