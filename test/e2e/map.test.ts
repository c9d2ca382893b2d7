import { readFile, rm, stat } from 'node:fs/promises';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { mapCollection } from '../../src/app/collection/map-collection.js';
import { Collection } from '../../src/collection/collection.js';
import { Random } from '../../src/core/random.js';
import { handMadeCollection } from '../fixtures/hand-made-collection.js';
import { writeVariedPictures } from '../fixtures/varied-pictures.js';
import { CommandLine } from './command-line.js';

describe('map', () => {
  const cli = new CommandLine();
  const folders = ['dusk', 'ember', 'field', 'ocean'];

  beforeAll(async () => {
    await writeVariedPictures(cli.path('photos'), 12, 1);
    const random = Random.of(1, 'map');
    const collection = await handMadeCollection(cli.path('photos.kin'), cli.path('photos'), {
      dimension: 8,
      labelOf: (name) => name.slice(0, name.indexOf('/')),
      // Each folder has a direction of its own; one image has another.
      vectorOf: (name) =>
        Array.from({ length: 8 }, (_, d) => {
          const towards = name === 'ocean/005.jpg' ? 7 : folders.indexOf(name.slice(0, name.indexOf('/')));
          return (d === towards ? 1 : 0) + 0.15 * random.normal();
        }),
    });
    const [gone] = collection.catalog.images.at([{ path: cli.path('photos', 'dusk', '000.jpg'), entry: '' }]);
    collection.catalog.write(() => collection.catalog.images.markMissing([gone!.id]));
    collection.close();
  });

  it('finds the groups, says what they are of, and which image is like no other', async () => {
    const map = await cli.json('map', 'photos.kin');
    expect(map).toMatchObject({ images: 47, laidOut: 47, seed: 0, files: [] });
    const sizes = map.clusters.map(({ images }: { images: number }) => images);
    // The one that is like no other is in one of them nonetheless.
    expect(sizes.map((size: number) => [11, 12, 13].includes(size))).toEqual([true, true, true, true]);
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
    const labels = map.clusters.map(({ label }: { label: string }) => label);
    expect(labels.sort()).toEqual(folders);
    for (const { label, medoid } of map.clusters) expect(medoid.path).toContain(`/photos/${label}/`);
    expect(map.outliers[0].path).toBe(cli.path('photos', 'ocean', '005.jpg'));
    expect(map.trustworthiness).toBeGreaterThan(0.75);
    const { stdout, stderr } = await cli.run('map', 'photos.kin');
    expect(stdout).toMatch(/^ +1 +1[123] {2}\w+ +\d+ % +.*\.jpg$/m);
    expect(stderr).toContain('to see it: imagekin map photos.kin -o map.html');
  });

  it('writes a page, a picture and coordinates, the same every time', async () => {
    const files = ['map.html', 'map.png', 'map.csv', 'map.jsonl', 'map.json'];
    const flags = files.flatMap((file) => ['-o', file]);
    await cli.json('map', 'photos.kin', ...flags);
    const { width, height } = await sharp(cli.path('map.png')).metadata();
    expect(Math.min(width!, height!)).toBeGreaterThan(1000);
    const csv = await readFile(cli.path('map.csv'), 'utf8');
    const [head, ...lines] = csv.trimEnd().split('\n');
    expect(head).toBe('id,path,label,x,y,cluster,medoid,outlierScore,distance');
    expect(lines).toHaveLength(47);
    expect(lines.filter((line) => line.includes(',true,'))).toHaveLength(4);
    const points = (await readFile(cli.path('map.jsonl'), 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(points[0]).toEqual(JSON.parse(await readFile(cli.path('map.json'), 'utf8')).points[0]);
    expect(points.map(({ id, x, y }) => `${id},${x},${y}`)).toEqual(
      lines.map((line) => line.split(',')).map(([id, , , x, y]) => `${id},${x},${y}`),
    );
    const page = await readFile(cli.path('map.html'), 'utf8');
    const data = JSON.parse(/id="map-data">(.*?)<\/script>/s.exec(page)![1]!);
    expect(data.paths).toHaveLength(47);
    expect(Object.keys(data.thumbnails)).toHaveLength(47);
    await rm(cli.path('map.csv'));
    await cli.json('map', 'photos.kin', '-o', 'map.csv', '--threads', '1');
    expect(await readFile(cli.path('map.csv'), 'utf8')).toBe(csv);
  });

  it('makes as many clusters as it is told, and colours by label', async () => {
    const map = await cli.json(
      'map',
      'photos.kin',
      '--clusters',
      '2',
      '-o',
      'two.png',
      '--color-by',
      'label',
    );
    expect(map.clusters).toHaveLength(2);
    expect((await stat(cli.path('two.png'))).size).toBeGreaterThan(10_000);
    await expect(mapCollection({ collection: cli.path('photos.kin'), clusters: 48 })).rejects.toThrow(
      /at most as many clusters as images, 47/,
    );
  });

  it('says what it cannot do before it begins', async () => {
    await expect(
      mapCollection({ collection: cli.path('photos.kin'), out: [cli.path('map.gif')] }),
    ).rejects.toThrow(/^-o: expected a file name that ends in/);
    await expect(mapCollection({ collection: cli.path('nowhere.kin') })).rejects.toThrow(
      /expected a collection, got nothing/,
    );
    const empty = Collection.open(cli.path('photos.kin'));
    empty.catalog.write(() => empty.catalog.images.markMissing(empty.catalog.images.ids()));
    empty.close();
    const { code, stderr } = await cli.run('map', 'photos.kin');
    expect(code).toBe(1);
    expect(stderr).toMatch(/expected at least one image with a vector, got none/);
  });
});
