import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../../../../test/fixtures/temporary-directory.js';
import { tinyModel, tinyTrained } from '../../../../test/fixtures/tiny-model.js';
import { groupedVectors, joined } from '../../../../test/fixtures/unit-vectors.js';
import { naiveNearest } from '../../../../test/oracle/nearest.js';
import { Collection } from '../../../collection/collection.js';
import { decodeModel, withCalibration } from '../../../embedding/model-file.js';
import { CollectionSearcher } from './collection-searcher.js';

/** A map through (−1, 0) and (1, 1). */
const calibration = {
  format: 1,
  map: {
    method: 'isotonic',
    knots: [
      [-1, 0],
      [1, 1],
    ],
  },
};

/** A collection of vectors whose images are nowhere. */
async function collectionOf(bytes: Uint8Array, count = 60) {
  const root = await temporaryDirectory();
  const { id, dimension } = decodeModel(bytes, 'model');
  const directory = join(root, 'c.kin');
  const collection = await Collection.create(directory, { id, name: 'model.onnx', dimension, bytes });
  const { catalog } = collection;
  const vectors = groupedVectors(count, dimension);
  const ids = catalog.write(() => {
    const source = catalog.sources.add('/photos', '/photos').number;
    const added = catalog.images.put(
      Array.from({ length: count }, (_, i) => ({
        path: `/photos/${i}.jpg`,
        entry: i % 7 === 0 ? 'in/archive.jpg' : '',
        size: 10,
        mtime: 1,
        source,
        name: `${i}.jpg`,
        sha256: String(i),
        width: i,
        height: 3,
        format: 'jpeg',
        label: `l${i % 3}`,
        split: null,
        metadata: { part: i },
      })),
    );
    collection.vectors.put(added, joined(vectors.values()));
    return added;
  });
  return { root, directory, collection, vectors, ids, dimension };
}

const by = (id: number) => ({ like: [{ image: { id } }] });

describe('CollectionSearcher', () => {
  it('gives probabilities where the model of the collection is calibrated', async () => {
    const model = decodeModel(tinyModel(), 'model');
    const { directory, ids } = await collectionOf(withCalibration(model, calibration));
    const searcher = await CollectionSearcher.open(directory, { threads: 1 });
    const { hits } = await searcher.find({ ...by(ids[4]!), k: 60 });
    expect(hits).toHaveLength(59);
    for (const { score, probability } of hits)
      expect(probability).toBeCloseTo(Math.min(1, (score + 1) / 2), 12);
    const least = hits[9]!.probability!;
    const likely = await searcher.find({ ...by(ids[4]!), k: 60, minProbability: least });
    expect(likely.hits).toEqual(hits.filter(({ probability }) => probability! >= least));
    const two = { like: [{ image: { id: ids[4]! } }, { image: { id: ids[5]! } }] };
    expect((await searcher.find(two)).hits[0]).not.toHaveProperty('probability');
    await expect(searcher.find({ ...two, minProbability: 0.5 })).rejects.toMatchObject({
      code: 'wrong-usage',
      message: expect.stringContaining('expected one image to search for'),
    });
    await searcher.close();
  });

  it('takes a calibration from the file of the same model, and no other model', async () => {
    const model = decodeModel(tinyModel(), 'model');
    const { root, directory, ids } = await collectionOf(model.bytes);
    const bare = await CollectionSearcher.open(directory, { threads: 1 });
    expect((await bare.find(by(ids[0]!))).hits[0]).not.toHaveProperty('probability');
    await expect(bare.find({ ...by(ids[0]!), minProbability: 0.5 })).rejects.toThrow(/a calibrated model/);
    await bare.close();
    const [calibrated, other] = [join(root, 'calibrated.onnx'), join(root, 'other.onnx')];
    await writeFile(calibrated, withCalibration(model, calibration));
    await writeFile(other, tinyModel(tinyTrained(2)));
    const searcher = await CollectionSearcher.open(directory, { threads: 1, model: calibrated });
    expect((await searcher.find(by(ids[0]!))).hits[0]).toHaveProperty('probability');
    await searcher.close();
    await expect(CollectionSearcher.open(directory, { model: other })).rejects.toMatchObject({
      code: 'model-mismatch',
    });
  });

  it('finds exactly what a filter leaves, as text and as an object', async () => {
    const { directory, ids, vectors } = await collectionOf(tinyModel());
    const searcher = await CollectionSearcher.open(directory, { threads: 1 });
    const query = ids[10]!;
    for (const where of ['label = l1 and width >= 20', { label: 'l1', part: { gte: 20 } }]) {
      const among = new Set(ids.filter((_, i) => i % 3 === 1 && i >= 20));
      const { hits, searched } = await searcher.find({ ...by(query), k: 60, where });
      const own = [...vectors.values()];
      const byId = new Map(ids.map((id, i) => [id, own[i]!] as const));
      expect(hits.map(({ id }) => id)).toEqual(
        naiveNearest(byId.get(query)!, byId, 60, among).map(({ id }) => id),
      );
      expect(searched).toBe(among.size);
    }
    await searcher.close();
  });

  it('follows the collection to another model that is made its own', async () => {
    const { directory, collection, ids } = await collectionOf(tinyModel());
    const searcher = await CollectionSearcher.open(directory, { threads: 1 });
    const before = await searcher.find({ ...by(ids[0]!), k: 5 });
    const { id, dimension, bytes } = decodeModel(tinyModel(tinyTrained(2)), 'other');
    const next = await collection.addModel({ id, name: 'other.onnx', dimension, bytes });
    const turned = groupedVectors(ids.length, dimension, { seed: 9 });
    collection.catalog.write(() => {
      collection.catalog.models.vectors(next).put(ids, joined(turned.values()));
      collection.catalog.models.activate(next);
    });
    const after = await searcher.find({ ...by(ids[0]!), k: 5 });
    const byId = new Map([...turned.values()].map((vector, i) => [ids[i]!, vector] as const));
    const expected = naiveNearest(byId.get(ids[0]!)!, byId, 6).slice(1);
    expect(after.hits.map((hit) => hit.id)).toEqual(expected.map((hit) => hit.id));
    expect(after.hits).not.toEqual(before.hits);
    await searcher.close();
  });

  it('says of images in archives where they lie, and refuses ids that there are not', async () => {
    const { directory, ids, collection } = await collectionOf(tinyModel());
    const searcher = await CollectionSearcher.open(directory, { threads: 1 });
    const { hits } = await searcher.find({ ...by(ids[1]!), k: 60 });
    expect(hits.find(({ id }) => id === ids[0])!.path).toBe('/photos/0.jpg/in/archive.jpg');
    await expect(searcher.find(by(9999))).rejects.toMatchObject({ code: 'image-not-found' });
    collection.catalog.write(() => collection.catalog.images.markMissing([ids[1]!]));
    await expect(searcher.find(by(ids[1]!))).rejects.toThrow(/one whose file is gone: \/photos\/1\.jpg/);
    expect((await searcher.find({ ...by(ids[2]!), k: 60 })).hits.map(({ id }) => id)).not.toContain(ids[1]);
    await searcher.close();
  });
});
