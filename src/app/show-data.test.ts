import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { pictureFolder } from '../../test/fixtures/picture-folder.js';
import { showData } from './show-data.js';

async function request(imagesPerClass?: Record<string, number>) {
  const { directory, root, open } = await pictureFolder(imagesPerClass);
  return { source: directory, out: join(root, 'deep', 'look'), open };
}

describe('showData', () => {
  it('counts the images of a source and draws them: some of them, a batch, the classes', async () => {
    const options = await request({ amber: 8, blue: 5, clay: 3 });
    const result = await showData(options);
    expect(result).toEqual({
      source: `${options.source}:all`,
      images: 16,
      classes: [
        { name: 'amber', images: 8 },
        { name: 'blue', images: 5 },
        { name: 'clay', images: 3 },
      ],
      pictures: ['images.png', 'batch.png', 'classes.png'].map((file) => join(options.out, file)),
      skipped: [],
    });
    expect((await readdir(options.out)).sort()).toEqual(['batch.png', 'classes.png', 'images.png']);
    for (const path of result.pictures) {
      const { format, width, height } = await sharp(path).metadata();
      expect(format).toBe('png');
      expect(Math.min(width, height)).toBeGreaterThan(50);
    }
  });

  it('shows one split of a source', async () => {
    const options = await request();
    const { source, images } = await showData({ ...options, source: `${options.source}:test` });
    expect(source).toBe(`${options.source}:test`);
    expect(images).toBe(6);
  });

  it.each<[string, Record<string, number>, string]>([
    ['a class has but one image', { amber: 4, blue: 4, lone: 1 }, 'all'],
    ['there is one class', { amber: 6 }, 'all'],
    [
      'all images are of one class of several',
      { 'train/amber': 4, 'test/amber': 2, 'test/blue': 2 },
      'train',
    ],
  ])('draws no batch where %s', async (_, imagesPerClass, split) => {
    const options = await request(imagesPerClass);
    const { pictures } = await showData({ ...options, source: `${options.source}:${split}` });
    expect(pictures).toEqual(['images.png', 'classes.png'].map((file) => join(options.out, file)));
  });

  it('lists files that do not decode', async () => {
    const options = await request();
    const broken = join(options.source, 'blue', 'broken.png');
    await writeFile(broken, 'not a picture');
    const { skipped, images } = await showData(options);
    expect(skipped.map(({ path }) => path)).toEqual([broken]);
    expect(images).toBe(24);
  });

  it('refuses to write into a file', async () => {
    const options = await request();
    await expect(showData({ ...options, out: join(options.source, 'blue', '0.png') })).rejects.toEqual(
      expect.objectContaining({ code: 'file-not-writable' }),
    );
  });
});
