import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { pictureFolder } from '../../test/fixtures/picture-folder.js';
import { temporaryDirectory } from '../../test/fixtures/temporary-directory.js';
import { sharedModel } from '../../test/fixtures/trained-model.js';
import { readModelFile, withCalibration } from '../embedding/model-file.js';
import { type SearchOptions, searchImages } from './search-images.js';

const shared = sharedModel();

const picture = (id: string) => join(shared.pictures.directory, ...id.split('/'));

/** A search of the shared pictures, and a place for what a test writes. */
async function request(changes: (root: string) => Partial<SearchOptions>): Promise<SearchOptions> {
  return {
    gallery: shared.pictures.directory,
    images: [],
    model: shared.model,
    threads: 1,
    open: shared.pictures.open,
    ...changes(await temporaryDirectory()),
  };
}

describe('searchImages', () => {
  it('finds an image by its own pixels at a score of 1, then others with falling scores', async () => {
    const options = await request(() => ({ images: [picture('blue/3.png')], k: 5 }));
    const result = await searchImages(options);
    const { hits } = result.results[0];
    expect(hits[0]).toEqual({ rank: 1, id: 'blue/3.png', label: 'blue', score: expect.closeTo(1, 5) });
    expect(hits.map(({ rank }) => rank)).toEqual([1, 2, 3, 4, 5]);
    expect(new Set(hits.map(({ id }) => id)).size).toBe(5);
    for (const [i, { score, id, label }] of hits.entries()) {
      expect(label).toBe(id.split('/')[0]);
      if (i > 0) expect(score).toBeLessThanOrEqual(hits[i - 1].score);
    }
    expect(result).toEqual({
      model: options.model,
      modelId: (await readModelFile(options.model)).id,
      gallery: options.gallery,
      searched: 24,
      results: [{ image: options.images[0], hits }],
      sheet: null,
      skipped: [],
    });
  });

  it.each<[string, (original: string, copy: string) => Promise<unknown>]>([
    ['enlarged', (original, copy) => sharp(original).resize(96, 96).png().toFile(copy)],
    ['encoded as JPEG', (original, copy) => sharp(original).jpeg({ quality: 90 }).toFile(copy)],
    ['enlarged and encoded as WebP', (original, copy) => sharp(original).resize(50, 50).webp().toFile(copy)],
    [
      'turned by its EXIF orientation alone',
      (original, copy) =>
        sharp(original).rotate(90).withMetadata({ orientation: 8 }).jpeg({ quality: 100 }).toFile(copy),
    ],
    ['without a file name extension', (original, copy) => copyFile(original, copy)],
  ])('finds an image first that it is shown %s', async (_, make) => {
    const options = await request((root) => ({ images: [join(root, 'copy')], k: 1 }));
    const original = join(options.gallery, 'clay', '5.png');
    await make(original, options.images[0]);
    const [{ hits }] = (await searchImages(options)).results;
    expect(hits[0].id).toBe('clay/5.png');
    expect(hits[0].score).toBeGreaterThan(0.99);
  });

  it('searches for several images at once, each with results of its own', async () => {
    const ids = ['amber/0.png', 'clay/7.png', 'blue/2.png'];
    const options = await request(() => ({
      images: ids.map((id) => picture(id)),
      k: 2,
    }));
    const { results } = await searchImages(options);
    expect(results.map(({ image }) => image)).toEqual(options.images);
    expect(results.map(({ hits }) => hits[0].id)).toEqual(ids);
    for (const [i, image] of options.images.entries()) {
      const [alone] = (await searchImages({ ...options, images: [image] })).results;
      expect(results[i].hits.map(({ id }) => id)).toEqual(alone.hits.map(({ id }) => id));
      for (const [rank, { score }] of alone.hits.entries())
        expect(results[i].hits[rank].score).toBeCloseTo(score, 5);
    }
  });

  it('gives ten results unless told otherwise, and no more than there are images', async () => {
    const options = await request(() => ({ images: [picture('blue/2.png')] }));
    expect((await searchImages(options)).results[0].hits.length).toBe(10);
    expect((await searchImages({ ...options, k: 1000 })).results[0].hits.length).toBe(24);
  });

  it('searches one split of a source, and a folder of images without classes', async () => {
    const options = await request(() => ({ images: [picture('blue/2.png')] }));
    const split = await searchImages({ ...options, gallery: `${options.gallery}:test` });
    expect(split.gallery).toBe(`${options.gallery}:test`);
    expect(split.searched).toBe(6);
    const flat = join(options.gallery, 'amber');
    const { results, searched } = await searchImages({ ...options, gallery: flat });
    expect(searched).toBe(8);
    expect(results[0].hits[0].label).toBe('amber');
    expect(results[0].hits[0].id).toMatch(/^\d\.png$/);
  });

  it('goes on without a query that does not decode, and lists it with the reason', async () => {
    const options = await request((root) => ({
      images: [join(root, 'broken.jpg'), picture('blue/2.png'), join(root, 'none.png')],
    }));
    const [broken, sound, none] = options.images;
    await writeFile(broken, 'not a picture');
    const { results, skipped } = await searchImages(options);
    expect(results.map(({ image }) => image)).toEqual([sound]);
    expect(skipped).toEqual([
      { path: broken, reason: expect.stringContaining('broken.jpg') },
      { path: none, reason: expect.stringContaining('no such file') },
    ]);
    for (const { reason } of skipped) expect(reason).not.toContain('\n');
  });

  it('lists gallery files that do not decode after the queries that do not', async () => {
    const own = await pictureFolder();
    const options = await request((root) => ({
      gallery: own.directory,
      images: [join(root, 'none.png'), picture('blue/2.png')],
    }));
    const broken = join(own.directory, 'amber', 'broken.png');
    await writeFile(broken, 'not a picture');
    const { skipped, searched } = await searchImages(options);
    expect(skipped.map(({ path }) => path)).toEqual([options.images[0], broken]);
    expect(searched).toBe(24);
  });

  it('throws the reason of the first where no query can be used', async () => {
    const options = await request((root) => ({ images: [join(root, 'one.png'), join(root, 'two.png')] }));
    await writeFile(options.images[1], 'not a picture');
    await expect(searchImages(options)).rejects.toEqual(
      expect.objectContaining({
        code: 'file-not-found',
        message: expect.stringContaining('one.png'),
      }),
    );
    await expect(searchImages({ ...options, images: [options.images[1]] })).rejects.toEqual(
      expect.objectContaining({ code: 'image-undecodable' }),
    );
  });

  it('wants at least one query', async () => {
    await expect(searchImages(await request(() => ({ images: [] })))).rejects.toEqual(
      expect.objectContaining({ code: 'wrong-usage' }),
    );
  });

  it.each([1, 2])('draws the results of %d queries into a PNG file', async (count) => {
    const options = await request((root) => ({
      images: ['blue/2.png', 'amber/1.png'].slice(0, count).map((id) => picture(id)),
      sheet: join(root, 'sheets', 'found.png'),
      k: 4,
    }));
    const { sheet } = await searchImages(options);
    expect(sheet).toBe(options.sheet);
    const { format, width, height } = await sharp(await readFile(sheet!)).metadata();
    expect(format).toBe('png');
    expect(Math.min(width, height)).toBeGreaterThan(100);
  });

  it('says before it searches that the picture could not be written, and writes none where nothing is found', async () => {
    const options = await request((root) => ({
      images: [join(root, 'none.png')],
      sheet: join(root, 'found.png'),
    }));
    await expect(searchImages(options)).rejects.toEqual(expect.objectContaining({ code: 'file-not-found' }));
    expect(existsSync(options.sheet!)).toBe(false);
    await mkdir(options.sheet!);
    await expect(searchImages(options)).rejects.toEqual(
      expect.objectContaining({ code: 'file-not-writable' }),
    );
  });

  describe('with a calibrated model', () => {
    /** A map through (−1, 0) and (1, 1). */
    const map = {
      method: 'isotonic',
      knots: [
        [-1, 0],
        [1, 1],
      ],
    };

    async function calibratedRequest(calibration: object): Promise<SearchOptions> {
      const options = await request((root) => ({
        images: [picture('blue/2.png'), picture('amber/1.png')],
        model: join(root, 'calibrated.onnx'),
        k: 24,
      }));
      await writeFile(options.model, withCalibration(await readModelFile(shared.model), calibration));
      return options;
    }

    it('says of each hit how likely it is of the class of the query', async () => {
      const options = await calibratedRequest({ format: 1, map });
      const { results, modelId } = await searchImages(options);
      expect(modelId).toBe((await readModelFile(shared.model)).id);
      for (const { hits } of results)
        for (const { score, probability } of hits)
          expect(probability).toBeCloseTo(Math.min(1, (score + 1) / 2), 12);
    });

    it('leaves out hits that are less likely than asked for', async () => {
      const options = await calibratedRequest({ format: 1, map });
      const all = (await searchImages(options)).results;
      const minProbability = all[0].hits[9].probability!;
      const { results } = await searchImages({ ...options, minProbability });
      results.forEach(({ image, hits }, i) => {
        expect(image).toBe(all[i].image);
        expect(hits).toEqual(all[i].hits.filter(({ probability }) => probability! >= minProbability));
      });
      expect(results[0].hits.length).toBeGreaterThanOrEqual(10);
    });

    it('draws a picture of what is left, be it nothing', async () => {
      const options = await calibratedRequest({
        format: 1,
        map: { method: 'logistic', slope: 0, intercept: 0 },
      });
      const sheet = join(options.model, '..', 'found.png');
      const { results } = await searchImages({ ...options, minProbability: 0.6, sheet });
      expect(results.map(({ hits }) => hits)).toEqual([[], []]);
      expect((await sharp(sheet).metadata()).format).toBe('png');
    });

    it('refuses a calibration that is none', async () => {
      const options = await calibratedRequest({ format: 1, map: { method: 'isotonic', knots: [] } });
      await expect(searchImages(options)).rejects.toMatchObject({ code: 'model-damaged' });
    });
  });

  it('has no probabilities without a calibration, and says so where they are asked for', async () => {
    const options = await request(() => ({ images: [picture('blue/2.png')] }));
    const { results } = await searchImages(options);
    expect(results[0].hits[0]).not.toHaveProperty('probability');
    await expect(searchImages({ ...options, minProbability: 0.5 })).rejects.toMatchObject({
      code: 'wrong-usage',
      message: expect.stringMatching(
        /expected a calibrated model, got .*; calibrate it first: imagekin calibrate/,
      ),
    });
  });

  it('stops where the signal comes', async () => {
    const options = await request(() => ({
      images: [picture('blue/2.png')],
      signal: AbortSignal.abort(),
    }));
    await expect(searchImages(options)).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }));
  });
});
