import { describe, expect, it } from 'vitest';
import { keepsNetworkContract } from '../../../test/contracts/network.js';
import { buildEmbeddingGraph } from '../embedding-graph.js';
import { seed } from './seed.js';

describe('seed', () => {
  keepsNetworkContract(() => seed({ inputSize: { width: 17, height: 15 }, dimension: 5 }));

  it('has the parameters of the Keras example, layer by layer', () => {
    const { parameters } = buildEmbeddingGraph(seed(), { training: true, batchSize: 2 });
    const sizes = parameters.tensors.map(({ node, shape }) => [
      (node.attributes as { name: string }).name,
      ...shape,
    ]);
    expect(sizes).toEqual([
      ['conv1.weights', 32, 3, 3, 3],
      ['conv1.bias', 32],
      ['conv2.weights', 64, 32, 3, 3],
      ['conv2.bias', 64],
      ['conv3.weights', 128, 64, 3, 3],
      ['conv3.bias', 128],
      ['embedding.weights', 128, 8],
      ['embedding.bias', 8],
    ]);
    expect(parameters.length).toBe(896 + 18_496 + 73_856 + 1032);
  });

  it('says by name and size that an image is too small for its three strides', () => {
    const network = seed({ inputSize: { width: 14, height: 14 } });
    expect(() => buildEmbeddingGraph(network, { training: true, batchSize: 2 })).toThrow(
      /^conv2d: expected images at least as large as the kernel/,
    );
  });
});
