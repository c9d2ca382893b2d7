import { describe, expect, it } from 'vitest';
import { clusteredEmbeddings } from '../../../test/fixtures/clustered-embeddings.js';
import { adjustedMutualInformation } from '../clusters/mutual-information.js';
import { type EmbeddingMapRequest, embeddingMap } from './embedding-map.js';
import { trustworthiness } from './trustworthiness.js';

const dimension = 16;

function points(classes: number, perClass: number, noise = 0.1) {
  const { embeddings, labels } = clusteredEmbeddings({ classes, perClass, dimension, noise });
  return { embeddings, labels };
}

const mapOf = (embeddings: Float32Array, options: Partial<EmbeddingMapRequest> = {}) =>
  embeddingMap({
    count: embeddings.length / dimension,
    dimension,
    *blocks() {
      for (let at = 0; at < embeddings.length; at += 100 * dimension)
        yield embeddings.subarray(at, at + 100 * dimension);
    },
    threads: 1,
    ...options,
  });

/** Of a class by itself, the point that is nearest to all others of it, by every pair. */
function naiveMedoid(embeddings: Float32Array, members: readonly number[]): number {
  const row = (i: number) => [...embeddings.subarray(i * dimension, (i + 1) * dimension)];
  const distance = (i: number, j: number) =>
    1 - row(i).reduce((sum, value, d) => sum + value * row(j)[d]!, 0);
  const sums = members.map((i) => members.reduce((sum, j) => sum + (i === j ? 0 : distance(i, j)), 0));
  return members[sums.indexOf(Math.min(...sums))]!;
}

describe('embeddingMap', () => {
  it('finds the groups that there are, with the image in the middle of each', async () => {
    const { embeddings, labels } = points(5, 40);
    const map = await mapOf(embeddings);
    expect(map.clusterCount).toBe(5);
    expect(adjustedMutualInformation(labels, map.clusters)).toBeCloseTo(1, 6);
    for (const [cluster, medoid] of map.medoids.entries()) {
      const members = [...labels.keys()].filter((i) => map.clusters[i] === cluster);
      expect(medoid).toBe(naiveMedoid(embeddings, members));
    }
  });

  it('keeps neighbours together on the map, and groups apart', async () => {
    const { embeddings, labels } = points(5, 40);
    const { places, trustworthiness: trust } = await mapOf(embeddings);
    expect(trust).toBeGreaterThan(0.9);
    const random = Float32Array.from(
      { length: places.length },
      (_, i) => (Math.sin(i * 12.9898) * 43758) % 1,
    );
    expect(trustworthiness({ vectors: embeddings, dimension, places: random, k: 15 })).toBeLessThan(0.65);
    let alike = 0;
    for (const i of labels.keys()) {
      const away = (j: number) =>
        Math.hypot(places[2 * i]! - places[2 * j]!, places[2 * i + 1]! - places[2 * j + 1]!);
      const nearest = [...labels.keys()].filter((j) => j !== i).sort((a, b) => away(a) - away(b))[0]!;
      if (labels[nearest] === labels[i]) alike++;
    }
    expect(alike / labels.length).toBeGreaterThan(0.99);
  });

  it('is the same for the same seed, and another for another', async () => {
    const { embeddings } = points(3, 30);
    const [one, again, other] = [
      await mapOf(embeddings, { seed: 4 }),
      await mapOf(embeddings, { seed: 4 }),
      await mapOf(embeddings, { seed: 5 }),
    ];
    expect(again).toEqual(one);
    expect(other.places).not.toEqual(one.places);
  });

  it('places what is not laid out among what is, in the right group', async () => {
    const { embeddings, labels } = points(4, 100);
    const { clusters, places, laidOut, medoids } = await mapOf(embeddings, { laidOut: 120 });
    expect(laidOut).toBe(120);
    expect(adjustedMutualInformation(labels, clusters)).toBeCloseTo(1, 6);
    expect(trustworthiness({ vectors: embeddings, dimension, places, k: 15 })).toBeGreaterThan(0.85);
    expect(places.every(Number.isFinite)).toBe(true);
    const sizes = [0, 1, 2, 3].map((cluster) => clusters.filter((one) => one === cluster).length);
    expect(sizes).toEqual([100, 100, 100, 100]);
    for (const [cluster, medoid] of medoids.entries()) expect(clusters[medoid]).toBe(cluster);
  });

  it('makes as many clusters as it is told', async () => {
    const { embeddings, labels } = points(5, 40);
    for (const clusters of [1, 3, 5, 12]) {
      const map = await mapOf(embeddings, { clusters });
      expect(new Set(map.clusters).size).toBe(clusters);
      expect(map.medoids).toHaveLength(clusters);
      if (clusters === 3)
        for (const label of [0, 1, 2, 3, 4])
          expect(new Set(map.clusters.filter((_, i) => labels[i] === label)).size).toBe(1);
    }
    await expect(mapOf(embeddings, { clusters: 201 })).rejects.toMatchObject({ code: 'wrong-usage' });
  });

  it('marks what is like nothing else', async () => {
    const { embeddings } = points(3, 40, 0.05);
    const odd = new Float32Array(dimension);
    odd[0] = Math.SQRT1_2;
    odd[1] = -Math.SQRT1_2;
    const { outlierScores } = await mapOf(Float32Array.from([...embeddings, ...odd]));
    expect(outlierScores.at(-1)).toBe(Math.max(...outlierScores));
    expect(outlierScores.at(-1)).toBeGreaterThan(4);
  });

  it.each([0, 1, 2, 3, 5, 16])('makes a map of %i images', async (count) => {
    const map = await mapOf(points(1, 20).embeddings.slice(0, count * dimension));
    expect(map.places).toHaveLength(2 * count);
    expect(map.places.every(Number.isFinite)).toBe(true);
    expect(map.clusterCount).toBe(new Set(map.clusters).size);
  });

  it('makes a map where many images are copies of one', async () => {
    const { embeddings } = points(2, 30);
    const copies = Array.from({ length: 60 }, () => [...embeddings.subarray(0, dimension)]).flat();
    const map = await mapOf(Float32Array.from([...embeddings, ...copies]));
    expect(map.places.every(Number.isFinite)).toBe(true);
  });

  it('stops between two rounds', async () => {
    const controller = new AbortController();
    const { embeddings } = points(3, 60);
    const stopped = mapOf(embeddings, {
      signal: controller.signal,
      onProgress: ({ task, done }) => {
        if (task === 'laying out the map' && done === 3) controller.abort(new Error('enough'));
      },
    });
    await expect(stopped).rejects.toThrow('enough');
  });
});
