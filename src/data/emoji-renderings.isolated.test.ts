import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { keepsLabelledImagesContract } from '../../test/contracts/labelled-images.js';
import { temporaryDirectory } from '../../test/fixtures/temporary-directory.js';
import { openAllEmoji } from './emoji.js';
import { decodeCache, encodeCache, loadEmojiRenderings } from './emoji-renderings.js';
import type { EmojiSetName } from './emoji-sets.js';

const few = 4;

// All 6,376 drawings take ten seconds; a few are drawn the same way. Nor need the sets be parsed for every test.
vi.mock('./emoji-sets.js', async (importOriginal) => {
  const sets = await importOriginal<typeof import('./emoji-sets.js')>();
  const icons = new Map<string, ReturnType<typeof sets.readEmojiIcons>>();
  return {
    ...sets,
    joinEmoji: async () => (await sets.joinEmoji()).slice(900, 900 + few),
    readEmojiIcons: (set: EmojiSetName) => {
      if (!icons.has(set)) icons.set(set, sets.readEmojiIcons(set));
      return icons.get(set)!;
    },
  };
});

async function load(directory: string): Promise<{ drawn: number; pixels: Uint8Array }> {
  let drawn = 0;
  const { pixels } = await loadEmojiRenderings(directory, { onProgress: ({ done }) => (drawn = done) });
  return { drawn, pixels };
}

describe('the drawings of the emoji', () => {
  keepsLabelledImagesContract(async () => openAllEmoji({ home: await temporaryDirectory() }));

  it('are 64 × 64 on white, differ between artists, and are counted while they are drawn', async () => {
    const { drawn, pixels } = await load(await temporaryDirectory());
    expect(drawn).toBe(few * 4);
    expect(pixels).toHaveLength(few * 4 * 64 * 64 * 3);
    const drawings = Array.from({ length: few * 4 }, (_, i) => pixels.subarray(i * 12288, (i + 1) * 12288));
    expect(new Set(drawings.map((drawing) => Buffer.from(drawing).toString('base64'))).size).toBe(few * 4);
    for (const drawing of drawings) {
      expect([...drawing.subarray(0, 3)]).toEqual([255, 255, 255]);
      expect(drawing.filter((value) => value < 255).length).toBeGreaterThan(500);
    }
  });

  it('come from the cache the second time, the same to the byte', async () => {
    const directory = await temporaryDirectory();
    const first = await load(directory);
    const second = await load(directory);
    expect(second.drawn).toBe(0);
    expect(Buffer.compare(second.pixels, first.pixels)).toBe(0);
    expect(await readdir(directory)).toEqual(['renderings-64.bin']);
  });

  it.each([
    ['truncated', (bytes: Buffer) => bytes.subarray(0, 1000)],
    ['empty', () => Buffer.alloc(0)],
    ['another file altogether', () => Buffer.alloc(5000, 'x')],
    ['damaged in a pixel', (bytes: Buffer) => bytes.fill(bytes.at(-1)! ^ 1, bytes.length - 1)],
    ['damaged in its header', (bytes: Buffer) => bytes.fill(0, 60, 61)],
    ['of another format version', (bytes: Buffer) => bytes.fill(2, 8, 9)],
  ])('are drawn anew, and cached again, where the cache is %s', async (_, damage) => {
    const directory = await temporaryDirectory();
    const path = join(directory, 'renderings-64.bin');
    const { pixels } = await load(directory);
    await writeFile(path, damage(await readFile(path)));
    const again = await load(directory);
    expect(again.drawn).toBe(few * 4);
    expect(Buffer.compare(again.pixels, pixels)).toBe(0);
    expect((await load(directory)).drawn).toBe(0);
  });

  it('are drawn without a cache where none can be written', async () => {
    const directory = await temporaryDirectory();
    await mkdir(join(directory, 'renderings-64.bin', 'in-the-way'), { recursive: true });
    expect((await load(directory)).drawn).toBe(few * 4);
    expect(await readdir(directory)).toEqual(['renderings-64.bin']);
  });

  it('stop being drawn when told to, and leave no cache', async () => {
    const directory = await temporaryDirectory();
    const stop = new AbortController();
    const loading = loadEmojiRenderings(directory, {
      signal: stop.signal,
      onProgress: () => stop.abort(new Error('Ctrl-C')),
    });
    await expect(loading).rejects.toThrow('Ctrl-C');
    expect(await readdir(directory)).toEqual([]);
  });
});

describe('the cache of drawings', () => {
  const renderings = {
    emoji: [{ codePoints: '1f600', name: 'grinning-face' }],
    size: { width: 1, height: 1 },
    pixels: Uint8Array.from({ length: 12 }, (_, i) => i),
  };

  it('holds what was put into it', () => {
    const bytes = Buffer.from(encodeCache(renderings, { noto: '1.2.9' }));
    const { emoji, size, pixels } = decodeCache(bytes, { noto: '1.2.9' })!;
    expect({ emoji, size, pixels: [...pixels] }).toEqual({ ...renderings, pixels: [...renderings.pixels] });
  });

  it('counts for nothing once a package has another version', () => {
    const bytes = Buffer.from(encodeCache(renderings, { noto: '1.2.9' }));
    expect(decodeCache(bytes, { noto: '1.2.10' })).toBeUndefined();
  });
});
