import { describe, expect, it } from 'vitest';
import { Random } from '../../core/random.js';
import { clusterAgreement } from './cluster-agreement.js';
import { kMeans } from './k-means.js';

const dimension = 4;

/** Points about `groups` corners, far from each other; point i belongs to group i mod `groups`. */
function grouped(count: number, groups: number, noise: number): Float32Array {
  const random = Random.of(5, 'points');
  return Float32Array.from({ length: count * dimension }, (_, at) => {
    const group = Math.floor(at / dimension) % groups;
    const corner = (group >> (at % dimension)) & 1 ? 1 : -1;
    return corner + noise * random.normal();
  });
}

function inertiaOf(points: Float32Array, assignments: Int32Array, centres: Float32Array): number {
  return points.reduce((sum, value, at) => {
    const centre = centres[assignments[Math.floor(at / dimension)] * dimension + (at % dimension)];
    return sum + (value - centre) ** 2;
  }, 0);
}

describe('kMeans', () => {
  it('finds groups that lie apart', async () => {
    const points = grouped(400, 16, 0.1);
    const { assignments, centres, inertia } = await kMeans({ points, dimension, k: 16, threads: 1 });
    const clusterOfGroup = Array.from({ length: 16 }, (_, group) => assignments[group]);
    expect(new Set(clusterOfGroup).size).toBe(16);
    expect([...assignments]).toEqual(Array.from(assignments, (_, i) => clusterOfGroup[i % 16]));
    expect(inertia).toBeCloseTo(inertiaOf(points, assignments, centres), 3);
  });

  it('ends where every point is nearest to its own centre and every centre is the mean of its points', async () => {
    const points = grouped(300, 16, 0.8);
    const { assignments, centres } = await kMeans({ points, dimension, k: 7, threads: 1 });
    for (let c = 0; c < 7; c++) {
      const members = [...assignments.keys()].filter((i) => assignments[i] === c);
      expect(members.length).toBeGreaterThan(0);
      for (let j = 0; j < dimension; j++) {
        const mean = members.reduce((sum, i) => sum + points[i * dimension + j], 0) / members.length;
        expect(centres[c * dimension + j]).toBeCloseTo(mean, 5);
      }
    }
    const distance = (i: number, c: number) => {
      let sum = 0;
      for (let j = 0; j < dimension; j++)
        sum += (points[i * dimension + j] - centres[c * dimension + j]) ** 2;
      return sum;
    };
    for (let i = 0; i < 300; i++)
      for (let c = 0; c < 7; c++)
        expect(distance(i, assignments[i])).toBeLessThanOrEqual(distance(i, c) + 1e-5);
  });

  it('keeps the best of its restarts', async () => {
    const points = grouped(300, 16, 0.8);
    const run = (restarts: number) => kMeans({ points, dimension, k: 9, restarts, seed: 2, threads: 1 });
    expect((await run(6)).inertia).toBeLessThanOrEqual((await run(1)).inertia);
  });

  it('gives equal clusters for equal seeds', async () => {
    const points = grouped(200, 16, 0.8);
    const request = { points, dimension, k: 9, seed: 4, threads: 1 };
    expect(await kMeans(request)).toEqual(await kMeans(request));
  });

  it('puts each point by itself where there are as many clusters', async () => {
    const { assignments, inertia } = await kMeans({
      points: grouped(16, 16, 0),
      dimension,
      k: 16,
      threads: 1,
    });
    expect(new Set(assignments).size).toBe(16);
    expect(inertia).toBeCloseTo(0, 5);
  });

  it('takes points that are all equal', async () => {
    const points = new Float32Array(10 * dimension).fill(0.5);
    const { assignments, inertia } = await kMeans({ points, dimension, k: 3, threads: 1 });
    expect(new Set(assignments).size).toBe(1);
    expect(inertia).toBe(0);
  });

  it('refuses a k out of range and points that are no matrix', async () => {
    const points = grouped(10, 16, 0.1);
    for (const k of [0, 11, 1.5])
      await expect(kMeans({ points, dimension, k })).rejects.toMatchObject({ code: 'wrong-usage' });
    await expect(kMeans({ points, dimension: 3, k: 2 })).rejects.toMatchObject({ code: 'shape-mismatch' });
  });

  it('stops when told to', async () => {
    const request = { points: grouped(10, 16, 0.1), dimension, k: 2, signal: AbortSignal.abort() };
    await expect(kMeans(request)).rejects.toThrow(/abort/i);
  });
});

describe('clusterAgreement', () => {
  it('is 1 where the classes are the clusters, with as many clusters as classes have items', async () => {
    const labels = Int32Array.from({ length: 64 }, (_, i) => 2 * (i % 16));
    const points = grouped(64, 16, 0.05);
    expect(await clusterAgreement({ points, dimension, labels, threads: 1 })).toEqual({
      nmi: 1,
      ami: 1,
      clusters: 16,
    });
  });

  it('is 0 for embeddings that are all alike', async () => {
    const labels = Int32Array.of(0, 0, 1, 1);
    const points = new Float32Array(4 * dimension).fill(0.5);
    const { nmi, ami } = await clusterAgreement({ points, dimension, labels, threads: 1 });
    expect([nmi, ami]).toEqual([0, expect.closeTo(0, 12)]);
  });
});
