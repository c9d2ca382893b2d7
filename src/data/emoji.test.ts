import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { splitEmoji } from './emoji.js';
import { emojiAttributions, emojiSetNames, joinEmoji } from './emoji-sets.js';
import { InMemoryImages } from './in-memory-images.js';
import { classCounts, type LabelledImages } from './labelled-images.js';

/** All emoji, each drawn as one pixel. */
async function onePixelEmoji(): Promise<LabelledImages> {
  const emoji = await joinEmoji();
  return new InMemoryImages({
    name: 'emoji:all',
    classNames: emoji.map(({ name }) => name),
    labels: Int32Array.from({ length: emoji.length * 4 }, (_, index) => Math.floor(index / 4)),
    fingerprint: 'e'.repeat(64),
    nativeSize: { width: 1, height: 1 },
    data: new Uint8Array(emoji.length * 4 * 3),
    id: (index) => `${emojiSetNames[index % 4]}/${emoji[Math.floor(index / 4)]!.codePoints}`,
  });
}

describe('the emoji that all four sets draw', () => {
  it('are 1,594, each with a name of its own, a drawing in each set, and no skin tone', async () => {
    const emoji = await joinEmoji();
    expect(emoji).toHaveLength(1594);
    expect(new Set(emoji.map(({ name }) => name)).size).toBe(1594);
    expect(new Set(emoji.map(({ codePoints }) => codePoints)).size).toBe(1594);
    for (const { codePoints, icons } of emoji) {
      expect(icons).toHaveLength(4);
      expect(codePoints).not.toMatch(/1f3f[b-f]/);
    }
    expect(emoji.find(({ codePoints }) => codePoints === '1f600')).toEqual({
      codePoints: '1f600',
      name: 'grinning-face',
      icons: ['grinning-face', 'grinning-face', 'grinning-face', 'grinning-face'],
    });
  });

  it('come with the names, authors and licences of those who drew them', async () => {
    const attributions = await emojiAttributions();
    expect(attributions.map(({ set, licence }) => [set, licence])).toEqual([
      ['noto', 'Apache-2.0'],
      ['twemoji', 'CC-BY-4.0'],
      ['openmoji', 'CC-BY-SA-4.0'],
      ['fluent-emoji-flat', 'MIT'],
    ]);
    for (const { author, authorUrl, licenceUrl, title, version } of attributions) {
      expect([author, title].every((text) => text.length > 0)).toBe(true);
      expect(authorUrl).toMatch(/^https:/);
      expect(licenceUrl).toMatch(/^https:/);
      expect(version).toMatch(/^\d+\.\d+\.\d+$/);
    }
  });
});

describe('the split of the emoji', () => {
  it('puts a fifth of the classes into test and has no class in both halves', async () => {
    const all = await onePixelEmoji();
    const [train, test] = [splitEmoji(all, 'train', 0), splitEmoji(all, 'test', 0)];
    expect([train.name, test.name]).toEqual(['emoji:train', 'emoji:test']);
    expect([train.classNames.length, test.classNames.length]).toEqual([1275, 319]);
    expect([train.length, test.length]).toEqual([1275 * 4, 319 * 4]);
    expect([...train.classNames, ...test.classNames].sort()).toEqual([...all.classNames].sort());
    for (const half of [train, test]) expect(new Set(classCounts(half))).toEqual(new Set([4]));
  });

  it('keeps the four drawings of an emoji together, in the order of the sets', async () => {
    const test = splitEmoji(await onePixelEmoji(), 'test', 0);
    for (let first = 0; first < test.length; first += 4) {
      const ids = [0, 1, 2, 3].map((offset) => test.id(first + offset).split('/'));
      expect(ids.map(([set]) => set)).toEqual(emojiSetNames);
      expect(new Set(ids.map(([, codePoints]) => codePoints)).size).toBe(1);
    }
  });

  it('is the same for everyone, and another for another seed', async () => {
    const all = await onePixelEmoji();
    const digest = (seed: number) =>
      createHash('sha256')
        .update(splitEmoji(all, 'test', seed).classNames.join())
        .digest('hex')
        .slice(0, 16);
    // Published figures are measured on these classes.
    expect(digest(0)).toBe('1315623f6d2da578');
    expect(digest(1)).not.toBe(digest(0));
  });
});
