import { describe, expect, it } from 'vitest';
import { tinyImages } from '../../test/fixtures/tiny-images.js';
import { tinyNetwork } from '../../test/fixtures/tiny-recipe.js';
import { Random } from '../core/random.js';
import { buildEmbeddingGraph, type TrainedNetwork } from '../learning/embedding-graph.js';
import { fitProjection } from '../learning/projection.js';
import { projectTrained } from './project-trained.js';
import { openTrained } from './trained-embedder.js';

const options = { threads: 1 };

function untrained(): TrainedNetwork {
  const network = tinyNetwork();
  const { parameters, states } = buildEmbeddingGraph(network, { training: false, batchSize: 'N' });
  const random = (name: string) => Random.of(3, name);
  return { network, parameters: parameters.initialize(random), states: states.initialize(random) };
}

async function embedded(trained: TrainedNetwork, images = tinyImages({ classes: 2, perClass: 40 })) {
  const embedder = await openTrained(trained, options);
  const vectors = await embedder.embed(images);
  await embedder.release();
  return vectors;
}

describe('projectTrained', () => {
  it('writes the discriminant of the embeddings behind the network', async () => {
    const images = tinyImages({ classes: 2, perClass: 40 });
    const trained = untrained();
    const projected = await projectTrained(trained, { projection: { gain: 2 } }, images, options);
    const { mean, map } = fitProjection(
      { vectors: await embedded(trained), labels: images.labels, width: 4 },
      { gain: 2 },
    );
    const [before, after] = [await embedded(trained), await embedded(projected)];
    for (let i = 0; i < images.length; i++) {
      const row = Array.from({ length: 4 }, (_, d) => {
        let sum = 0;
        for (let j = 0; j < 4; j++) sum += (before[4 * i + j]! - mean[j]!) * map[4 * j + d]!;
        return sum;
      });
      for (const [d, value] of row.entries())
        expect(after[4 * i + d]).toBeCloseTo(value / Math.hypot(...row), 3);
    }
  });

  it.each([
    ['where the recipe wants none', {}, 2],
    ['of more classes than it can tell apart', { projection: { gain: 2 } }, 3],
  ])('leaves the network as it is %s', async (_, recipe, classes) => {
    const trained = untrained();
    expect(await projectTrained(trained, recipe, tinyImages({ classes }), options)).toBe(trained);
  });
});
