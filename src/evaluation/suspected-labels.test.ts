import { describe, expect, it } from 'vitest';
import { clusteredEmbeddings } from '../../test/fixtures/clustered-embeddings.js';
import { ranking } from '../../test/oracle/retrieval.js';
import { Random } from '../core/random.js';
import { neighbourhoods } from './neighbourhoods.js';
import { SuspectedLabels } from './suspected-labels.js';

interface Set {
  readonly embeddings: Float32Array;
  readonly labels: Int32Array;
  readonly classCount: number;
  readonly contents?: Int32Array;
  readonly most?: number;
}

async function suspected(set: Set) {
  const dimension = set.embeddings.length / set.labels.length;
  const near = await neighbourhoods(set.embeddings, dimension, SuspectedLabels.neighbours, { threads: 1 });
  const found = new SuspectedLabels(set);
  // In two blocks, the second first.
  const { width: k, indices, cosines: scores } = near;
  const half = set.labels.length >> 1;
  const block = (from: number, to: number) =>
    found.add({
      firstQuery: from,
      queryCount: to - from,
      k,
      indices: indices.subarray(from * k, to * k),
      scores: scores.subarray(from * k, to * k),
    });
  block(half, set.labels.length);
  block(0, half);
  return found.ranked();
}

/** The rule as it is written down, by sorting everything. */
function naive({ embeddings, labels, contents }: Set) {
  const dimension = embeddings.length / labels.length;
  const vectors = Array.from(labels, (_, i) => [...embeddings.subarray(i * dimension, (i + 1) * dimension)]);
  const cosine = (a: number, b: number) => vectors[a]!.reduce((sum, x, d) => sum + x * vectors[b]![d]!, 0);
  const content = (i: number) => contents?.[i] ?? i;
  return [...labels.keys()]
    .flatMap((image) => {
      const size = labels.filter((label) => label === labels[image]).length;
      const others = ranking(vectors[image]!, { vectors, labels: [...labels] }, image).slice(0, 20);
      const distinct = others.filter(
        (other, at) =>
          content(other) !== content(image) &&
          others.findIndex((one) => content(one) === content(other)) === at,
      );
      const voters = distinct.slice(0, Math.min(10, size - 1));
      if (voters.length < 3) return [];
      const weight = (of: readonly number[]) =>
        of.reduce((sum, voter) => sum + Math.max(0, cosine(image, voter)), 0);
      const share = (label: number) =>
        weight(voters.filter((voter) => labels[voter] === label)) / weight(voters);
      const suggested = [...new Set(voters.map((voter) => labels[voter]!))].sort(
        (a, b) => share(b) - share(a),
      )[0]!;
      const own = share(labels[image]!);
      if (suggested === labels[image] || share(suggested) < 0.6 || own > 0.2) return [];
      return [{ image, suggested, share: share(suggested), ownShare: own }];
    })
    .sort((a, b) => b.share - b.ownShare - (a.share - a.ownShare) || b.share - a.share || a.image - b.image);
}

describe('suspected labels', () => {
  it('are those of the rule as it is written down, with wrong labels and copies', async () => {
    for (const seed of [1, 2, 3]) {
      const random = Random.of(seed, 'wrong labels');
      const { embeddings, labels } = clusteredEmbeddings({ classes: 5, perClass: 24, noise: 0.25, seed });
      const contents = Int32Array.from(labels.keys());
      for (let i = 0; i < 12; i++) labels[random.integer(labels.length)] = random.integer(5);
      // Copies, one of them with another label.
      for (const [to, from] of [
        [7, 2],
        [8, 2],
        [9, 2],
        [11, 12],
      ] as const) {
        embeddings.copyWithin(to * 8, from * 8, (from + 1) * 8);
        contents[to] = contents[from]!;
      }
      const set = { embeddings, labels, classCount: 5, contents };
      const expected = naive(set);
      const found = await suspected(set);
      expect(expected.length).toBeGreaterThan(3);
      expect(found.map(({ image, suggested }) => [image, suggested])).toEqual(
        expected.map(({ image, suggested }) => [image, suggested]),
      );
      for (const [i, { share, ownShare }] of found.entries()) {
        expect(share).toBeCloseTo(expected[i]!.share, 5);
        expect(ownShare).toBeCloseTo(expected[i]!.ownShare, 5);
      }
    }
  });

  it('are found where they were planted', async () => {
    const { embeddings, labels } = clusteredEmbeddings({ classes: 6, perClass: 50, noise: 0.08 });
    const planted = [3, 77, 150, 222, 299];
    for (const image of planted) labels[image] = (labels[image]! + 1) % 6;
    const found = await suspected({ embeddings, labels, classCount: 6 });
    expect(found.map(({ image }) => image).sort((a, b) => a - b)).toEqual(planted);
    for (const { image, suggested } of found) expect(suggested).toBe(image % 6);
  });

  it('are not said of classes of three or fewer, nor by one picture that was copied often', async () => {
    // Image 0 lies amid eight copies of one picture of another label; the others of its own are a little farther.
    const angle = (degrees: number) => [
      Math.cos((degrees * Math.PI) / 180),
      Math.sin((degrees * Math.PI) / 180),
    ];
    const own = [0, 5, 6, 7, 8, 9, 10, 11];
    const set = {
      embeddings: Float32Array.from([
        ...own.flatMap(angle),
        ...Array.from({ length: 8 }, () => angle(1)).flat(),
      ]),
      labels: Int32Array.from([...own.map(() => 0), ...Array.from({ length: 8 }, () => 1)]),
      classCount: 2,
    };
    const image0 = (found: readonly { image: number }[]) => found.some(({ image }) => image === 0);
    expect(image0(await suspected(set))).toBe(true);
    const contents = Int32Array.from({ length: 16 }, (_, i) => Math.min(i, 8));
    expect(image0(await suspected({ ...set, contents }))).toBe(false);
    const few = { ...set, labels: Int32Array.from({ length: 16 }, (_, i) => (i < 3 ? 0 : 1)) };
    expect(await suspected(few)).toEqual([]);
  });

  it('are the surest where there are more than are wanted', async () => {
    const { embeddings, labels } = clusteredEmbeddings({ classes: 4, perClass: 40, noise: 0.2 });
    for (let image = 0; image < labels.length; image += 5) labels[image] = (labels[image]! + 1) % 4;
    const set = { embeddings, labels, classCount: 4 };
    const all = await suspected(set);
    expect(all.length).toBeGreaterThan(10);
    expect(await suspected({ ...set, most: 2 })).toEqual(all.slice(0, 2));
  });
});
