import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { keepsLabelledImagesContract } from '../../../test/contracts/labelled-images.js';
import { listed, writeImages } from '../../../test/fixtures/image-files.js';
import { temporaryDirectory } from '../../../test/fixtures/temporary-directory.js';
import { openImages } from '../source.js';
import { globSource } from './glob-source.js';

const files = ['a/1.png', 'a/2.png', 'a/deep/3.png', 'b/4.png', 'b/notes.txt', 'b/.hidden.png', '5.png'];

async function photos(paths = files) {
  const directory = await temporaryDirectory();
  await writeImages(join(directory, 'photos'), paths);
  return { directory, options: { home: join(directory, 'home') } };
}

describe('a pattern', () => {
  keepsLabelledImagesContract(async () => {
    const { directory, options } = await photos();
    return openImages(`${directory}/photos/*/*.png`, options);
  });

  it.each([
    [
      'photos/**/*',
      ['5.png', 'a/1.png', 'a/2.png', 'a/deep/3.png', 'b/4.png'],
      [undefined, 'a', 'a', 'a/deep', 'b'],
    ],
    ['photos/*/*.png', ['a/1.png', 'a/2.png', 'b/4.png'], ['a', 'a', 'b']],
    ['photos/{b,c}/*.{png,jpg}', ['b/4.png'], ['b']],
    ['photos/a/[12].png', ['1.png', '2.png'], [undefined, undefined]],
    ['photos/*.gif', [], []],
  ])('%s finds images, in order, labelled by the folders behind its base', async (pattern, ids, labels) => {
    const { directory } = await photos();
    const { images } = await listed(globSource(`${directory}/${pattern}`));
    expect(images.map(({ id }) => id)).toEqual(ids);
    expect(images.map(({ label }) => label)).toEqual(labels);
  });

  it('finds splits', async () => {
    const { directory, options } = await photos(['train/a/1.png', 'test/a/2.png']);
    const images = await openImages(`${directory}/photos/**/*.png:test`, options);
    expect([images.length, images.id(0), images.classNames]).toEqual([1, 'test/a/2.png', ['a']]);
  });

  it('gives way to a folder of that name', async () => {
    const { directory, options } = await photos(['[x]/1.png', 'x/2.png']);
    const images = await openImages(`${directory}/photos/[x]`, { ...options, labels: 'optional' });
    expect([images.length, images.id(0)]).toEqual([1, '1.png']);
  });

  it('that finds nothing is an error that names it', async () => {
    const { directory, options } = await photos();
    await expect(openImages(`${directory}/photos/*/*.gif`, options)).rejects.toMatchObject({
      code: 'empty-source',
      message: expect.stringMatching(/\*\.gif: expected .*, got no image file; /),
    });
  });
});
