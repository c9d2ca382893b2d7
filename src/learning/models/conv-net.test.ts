import { describe, expect, it } from 'vitest';
import { keepsNetworkContract } from '../../../test/contracts/network.js';
import { buildEmbeddingGraph } from '../embedding-graph.js';
import { convNet } from './conv-net.js';

const small = () =>
  convNet({
    inputSize: { width: 10, height: 8 },
    dimension: 6,
    layers: [
      { width: 4, stride: 2 },
      { width: 5, stride: 1 },
      { width: 7, stride: 2 },
    ],
  });

describe('convNet', () => {
  keepsNetworkContract(small);

  it('has a convolution without bias and a normalisation per layer, and a head over the whole last map', () => {
    const { parameters, states } = buildEmbeddingGraph(small(), { training: true, batchSize: 2 });
    const sizes = parameters.tensors.map(({ node, shape }) => [
      (node.attributes as { name: string }).name,
      ...shape,
    ]);
    expect(sizes).toEqual([
      ['layer1.conv.weights', 4, 3, 3, 3],
      ['layer1.norm.scale', 4],
      ['layer1.norm.offset', 4],
      ['layer2.conv.weights', 5, 4, 3, 3],
      ['layer2.norm.scale', 5],
      ['layer2.norm.offset', 5],
      ['layer3.conv.weights', 7, 5, 3, 3],
      ['layer3.norm.scale', 7],
      ['layer3.norm.offset', 7],
      ['embedding.weights', 7 * 2 * 3, 6],
      ['embedding.bias', 6],
    ]);
    expect(states.length).toBe(2 * (4 + 5 + 7));
  });
});
