import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { imagekinHome } from '../core/home.js';
import { Random } from '../core/random.js';
import { loadEmojiRenderings } from './emoji-renderings.js';
import { emojiSetNames } from './emoji-sets.js';
import { InMemoryImages } from './in-memory-images.js';
import type { LabelledImages } from './labelled-images.js';
import type { OpenOptions } from './open-options.js';
import { noValidationSplit } from './split.js';
import type { SplitReader } from './split-reader.js';
import { selectClasses } from './subset.js';

const testShare = 0.2;

/**
 * Emoji as four artists drew them: class = emoji, its images = the drawings of Noto, Twemoji, OpenMoji and Fluent
 * flat, in that order, at 64×64 on white. Training and test have no class in common: the task is to find an artist's
 * emoji among the others' without ever having trained on it.
 *
 * Some sets draw two emoji with the very same pixels: OpenMoji 24 pairs (`man-pilot`, `pilot`), Noto three (its
 * astronauts), Fluent two (`cat-face`, `grinning-cat`). Only `astronaut` and `man-astronaut` are alike in two sets, no
 * pair in three; all stay.
 */
export async function openEmoji(options: OpenOptions = {}): Promise<SplitReader> {
  const all = await openAllEmoji(options);
  return {
    async read(split) {
      if (split === 'val') throw noValidationSplit('emoji');
      return split === 'all' ? all : splitEmoji(all, split, options.seed ?? 0);
    },
  };
}

/** All 1,594 classes × 4 drawings: image 4c + s shows class c as set s draws it. */
export async function openAllEmoji(options: OpenOptions = {}): Promise<InMemoryImages> {
  const { home = imagekinHome(), onProgress, signal } = options;
  const { emoji, size, pixels } = await loadEmojiRenderings(join(home, 'emoji'), { onProgress, signal });
  const sets = emojiSetNames.length;
  const classNames = emoji.map(({ name }) => name);
  return new InMemoryImages({
    name: 'emoji:all',
    classNames,
    labels: Int32Array.from({ length: emoji.length * sets }, (_, index) => Math.floor(index / sets)),
    nativeSize: size,
    data: pixels,
    fingerprint: createHash('sha256').update(classNames.join('\n')).update(pixels).digest('hex'),
    id: (index) => `${emojiSetNames[index % sets]}/${emoji[Math.floor(index / sets)]!.codePoints}`,
  });
}

/** The classes of one half, a fifth of them for testing, drawn by `seed`. */
export function splitEmoji(all: LabelledImages, split: 'train' | 'test', seed: number): LabelledImages {
  const classes = all.classNames.length;
  const testClasses = new Set(
    Random.of(seed, 'emoji', 'test classes').sample(Math.round(classes * testShare), classes),
  );
  const chosen = all.classNames
    .map((_, index) => index)
    .filter((c) => testClasses.has(c) === (split === 'test'));
  return selectClasses(all, chosen, `emoji:${split}`);
}
