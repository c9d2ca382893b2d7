import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { speckledPrint } from '../../../test/fixtures/surveyed-image.js';
import { temporaryDirectory } from '../../../test/fixtures/temporary-directory.js';
import { Collection } from '../../collection/collection.js';
import type { PerceptualPrint } from '../../image/perceptual-hash.js';
import { encodePrint } from '../../image/print-bytes.js';
import { type DuplicateKind, findDuplicates } from './find-duplicates.js';

interface Planned {
  readonly name: string;
  readonly content?: string;
  readonly print?: PerceptualPrint | null;
  readonly side?: number;
  readonly vector?: readonly [number, number];
}

async function found(images: readonly Planned[], kind: DuplicateKind = 'all', nearDistance = 15) {
  const directory = join(await temporaryDirectory(), 'photos.kin');
  const collection = await Collection.create(directory, {
    id: 'ab'.repeat(32),
    name: 'model.onnx',
    dimension: 2,
    bytes: new Uint8Array(1),
  });
  const { catalog } = collection;
  catalog.write(() => {
    const source = catalog.sources.add('/photos', '/photos').number;
    for (const [i, { name, content = name, print, side = 100, vector = [1, 0] }] of images.entries()) {
      const [id] = catalog.images.put([
        {
          path: `/photos/${name}`,
          entry: '',
          size: 1000,
          mtime: 1e12,
          source,
          name,
          sha256: content,
          width: side,
          height: side,
          format: 'jpeg',
          label: null,
          split: null,
          metadata: {},
        },
      ]);
      collection.vectors.put([id!], Float32Array.from(vector));
      if (print !== null)
        catalog.previews.put(id!, { thumbnail: null, print: encodePrint(print ?? speckledPrint(1000 + i)) });
    }
  });
  try {
    const result = await findDuplicates(collection, { kind, nearDistance, threads: 1 });
    return {
      ...result,
      groups: result.groups.map(({ kind: of, members }) => [of, ...members.map(({ path }) => path.slice(8))]),
    };
  } finally {
    collection.close();
  }
}

const a = speckledPrint(1);
/** The same picture, moved: its hash is another. */
const moved = speckledPrint(1, 0.6);

describe('findDuplicates', () => {
  it('puts copies of what is near into one group, behind the best', async () => {
    const images = [
      { name: 'small', print: moved, side: 50 },
      { name: 'large', print: a, side: 500 },
      { name: 'small again', content: 'small', print: moved, side: 50 },
      { name: 'other' },
    ];
    expect((await found(images)).groups).toEqual([['near', 'large', 'small', 'small again']]);
    expect((await found(images, 'near')).groups).toEqual([['near', 'large', 'small']]);
    expect((await found(images, 'exact')).groups).toEqual([['exact', 'small', 'small again']]);
  });

  it('compares images that there is no print of by their bytes, and says how many', async () => {
    const result = await found([
      { name: 'b', content: 'x', print: null },
      { name: 'a', content: 'x', print: null },
      { name: 'c', print: null },
      // The print of a copy of its bytes will do.
      { name: 'd', content: 'y', print: null },
      { name: 'e', content: 'y' },
    ]);
    expect(result.groups).toEqual([
      ['exact', 'a', 'b'],
      ['exact', 'd', 'e'],
    ]);
    expect(result.withoutPrint).toBe(3);
  });

  it('asks neighbours by the model where hashes are too far apart, and believes only the pictures', async () => {
    const pair = (vector: readonly [number, number]) => [
      { name: '1', print: a, vector: [0, 1] as const },
      { name: '2', print: moved, vector },
      ...Array.from({ length: 6 }, (_, i) => ({
        name: `other ${i}`,
        vector: [Math.cos(0.01 * i), Math.sin(0.01 * i)] as const,
      })),
    ];
    expect((await found(pair([0, 1]), 'all', 0)).groups).toEqual([['near', '1', '2']]);
    // Each has others that are nearer.
    expect((await found(pair([1, 0.001]), 'all', 0)).groups).toEqual([]);
    expect((await found(pair([1, 0.001]), 'all', 15)).groups).toEqual([['near', '1', '2']]);
  });

  it('finds nothing in a collection of one image or none', async () => {
    expect((await found([])).groups).toEqual([]);
    expect((await found([{ name: 'a' }])).groups).toEqual([]);
  });
});
