import { describe, expect, it } from 'vitest';
import { Random } from '../core/random.js';
import { input, Program } from '../engine/index.js';
import { fitProjection, projected } from './projection.js';

const width = 5;
const count = 400;

/** Unit vectors of two classes that differ in the first number, and vary most in the last, which tells nothing. */
function embeddings(seed: number) {
  const random = Random.of(seed, 'embeddings');
  const labels = Int32Array.from({ length: count }, (_, i) => i % 2);
  const vectors = new Float32Array(count * width);
  for (let i = 0; i < count; i++) {
    const row = Array.from({ length: width }, (_, j) => 0.2 * random.normal() + (j === 1 ? 2 : 0));
    row[0]! += labels[i] === 0 ? 0.2 : -0.2;
    row[width - 1]! *= 8;
    const length = Math.hypot(...row);
    vectors.set(
      row.map((value) => value / length),
      i * width,
    );
  }
  return { vectors, labels, width };
}

async function run(vectors: Float32Array, projection: Parameters<typeof projected>[1]) {
  const outputs = { projected: projected(input('vectors', 'float32', ['N', width]), projection) };
  const program = await Program.compile({ outputs });
  const result = await program.run({ vectors });
  await program.release();
  return result.projected as Float32Array;
}

/** Share of vectors whose nearest other one, by cosine, is of their class. */
function precision({ vectors, labels }: { vectors: Float32Array; labels: Int32Array }): number {
  let right = 0;
  for (let i = 0; i < count; i++) {
    let best = { score: -2, label: -1 };
    for (let k = 0; k < count; k++) {
      if (k === i) continue;
      let score = 0;
      for (let j = 0; j < width; j++) score += vectors[i * width + j]! * vectors[k * width + j]!;
      if (score > best.score) best = { score, label: labels[k]! };
    }
    if (best.label === labels[i]) right++;
  }
  return right / count;
}

describe('a projection', () => {
  it('brings images of a class together that it was not fitted to', async () => {
    const test = embeddings(2);
    const vectors = await run(test.vectors, fitProjection(embeddings(1), { gain: 2.5 }));
    const before = precision(test);
    expect(before).toBeLessThan(0.85);
    expect(precision({ ...test, vectors })).toBeGreaterThan(before + 0.05);
  });

  it('is x ↦ (x − mean)·map, of unit length', async () => {
    const { vectors } = embeddings(3);
    const projection = fitProjection(embeddings(1), { gain: 2 });
    const found = await run(vectors, projection);
    for (let i = 0; i < count; i++) {
      const row = Array.from({ length: width }, (_, d) => {
        let sum = 0;
        for (let j = 0; j < width; j++)
          sum += (vectors[i * width + j]! - projection.mean[j]!) * projection.map[j * width + d]!;
        return sum;
      });
      const length = Math.hypot(...row);
      for (const [d, value] of row.entries()) expect(found[i * width + d]).toBeCloseTo(value / length, 4);
    }
  });

  it('takes the mean of what it is fitted to', () => {
    const { mean } = fitProjection(embeddings(1), { gain: 2 });
    const { vectors } = embeddings(1);
    for (let j = 0; j < width; j++) {
      let sum = 0;
      for (let i = 0; i < count; i++) sum += vectors[i * width + j]!;
      expect(mean[j]).toBeCloseTo(sum / count, 5);
    }
  });
});
