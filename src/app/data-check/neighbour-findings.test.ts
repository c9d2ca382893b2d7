import { describe, expect, it } from 'vitest';
import { speckledPrint, surveyedImage } from '../../../test/fixtures/surveyed-image.js';
import { Random } from '../../core/random.js';
import { neighbourhoods } from '../../evaluation/neighbourhoods.js';
import { PictureKinship } from '../duplicates/picture-kinship.js';
import { outliers, spareNeighbours, suspectedLabels } from './neighbour-findings.js';

const dimension = 8;
const limits = { k: 5, labelConfidence: 0.6, outlierScore: 2.5 };

interface Point {
  readonly label?: string;
  /** Which way it points; 0 to 7. */
  readonly towards: number;
  readonly spread?: number;
  readonly print?: number;
}

async function judged(points: readonly Point[], k = limits.k) {
  const random = Random.of(1, 'points');
  const embeddings = new Float32Array(points.length * dimension);
  for (const [i, { towards, spread = 0.1 }] of points.entries()) {
    const row = embeddings.subarray(i * dimension, (i + 1) * dimension);
    for (const d of row.keys()) row[d] = (d === towards ? 1 : 0) + spread * random.normal();
    const length = Math.hypot(...row);
    for (const d of row.keys()) row[d]! /= length;
  }
  const images = points.map(({ label, print }, i) =>
    surveyedImage({ path: String(i), label, print: speckledPrint(print ?? 1000 + i) }),
  );
  const kinship = await PictureKinship.among(
    images.map((image) => image.print),
    15,
  );
  const near = await neighbourhoods(embeddings, dimension, k + spareNeighbours, { threads: 1 });
  return {
    suspected: suspectedLabels(images, near, kinship, { ...limits, k }),
    outliers: outliers(images, near, kinship, { ...limits, k }),
  };
}

const class_ = (label: string, towards: number, count: number): Point[] =>
  Array.from({ length: count }, () => ({ label, towards }));

describe('suspectedLabels', () => {
  it('suspects an image among those of another class, and says which', async () => {
    const { suspected } = await judged([
      ...class_('cat', 0, 12),
      ...class_('dog', 1, 12),
      { label: 'cat', towards: 1 },
    ]);
    expect(suspected).toMatchObject([
      { path: '24', label: 'cat', suggested: 'dog', votes: 5, ownVotes: 0, k: 5, confidence: 1 },
    ]);
    expect(suspected![0]!.neighbours.map(({ label }) => label)).toEqual(Array(5).fill('dog'));
  });

  it('does not let a copy of the image vote for it', async () => {
    const moved = { label: 'cat', towards: 1, spread: 0, print: 5 };
    const { suspected } = await judged([
      ...class_('cat', 0, 12),
      ...class_('dog', 1, 12),
      moved,
      moved,
      moved,
    ]);
    expect(suspected!.map(({ path }) => path)).toEqual(['24', '25', '26']);
  });

  it('gives copies of a neighbour one vote', async () => {
    const copies = Array.from(
      { length: 6 },
      (): Point => ({ label: 'dog', towards: 0, spread: 0, print: 6 }),
    );
    const { suspected } = await judged([...class_('cat', 0, 12), ...class_('dog', 1, 12), ...copies]);
    expect(suspected!.filter(({ label }) => label === 'cat')).toEqual([]);
  });

  it('asks no more neighbours than a small class has images, and none about a tiny one', async () => {
    const { suspected } = await judged(
      [
        ...class_('cat', 0, 20),
        ...class_('rare', 1, 4),
        ...class_('tiny', 2, 2),
        { label: 'rare', towards: 0 },
      ],
      10,
    );
    expect(suspected).toMatchObject([{ path: '26', label: 'rare', suggested: 'cat', k: 4 }]);
  });

  it('judges nothing where there are no two classes', async () => {
    expect((await judged(class_('cat', 0, 8))).suspected).toBeNull();
    expect((await judged(Array.from({ length: 8 }, () => ({ towards: 0 })))).suspected).toBeNull();
  });

  it('can be asked of a single image', async () => {
    expect(await judged([{ label: 'cat', towards: 0 }])).toEqual({ suspected: null, outliers: [] });
  });
});

describe('outliers', () => {
  it('finds an image that is like no other, and none where all are alike', async () => {
    const points = [...class_('cat', 0, 20), ...class_('dog', 1, 20)];
    const { outliers: found } = await judged([...points, { label: 'cat', towards: 6 }]);
    expect(found[0]).toMatchObject({ path: '40', label: 'cat', split: null });
    expect(found[0]!.distance).toBeGreaterThan(0.5);
    expect(found[0]!.score).toBeGreaterThan(5);
    expect((await judged(points)).outliers.length).toBeLessThanOrEqual(1);
  });

  it('is not misled by a copy of it', async () => {
    const odd = { label: 'cat', towards: 6, spread: 0, print: 7 };
    const points = [...class_('cat', 0, 20), ...class_('dog', 1, 20), odd, odd];
    const { outliers: found } = await judged(points);
    expect(
      found
        .slice(0, 2)
        .map(({ path }) => path)
        .sort(),
    ).toEqual(['40', '41']);
  });
});
