import { describe, expect, it } from 'vitest';
import { keepsNetworkContract } from '../../../test/contracts/network.js';
import { buildEmbeddingGraph } from '../embedding-graph.js';
import { resnet9 } from './resnet9.js';

describe('resnet9', () => {
  keepsNetworkContract(() => resnet9({ inputSize: { width: 8, height: 8 }, dimension: 4, width: 1 }));

  it('has 64 to 512 channels and 6.6 million parameters by default', () => {
    const { parameters, states } = buildEmbeddingGraph(resnet9(), { training: true, batchSize: 2 });
    const kernels = parameters.layout.filter(({ shape }) => shape.length === 4);
    expect(kernels.map(({ shape }) => shape[3])).toEqual([64, 128, 128, 128, 256, 512, 512, 512]);
    // Kernels, two numbers a channel for batch normalisation, the linear layer with its bias.
    const inChannels = [3, 64, 128, 128, 128, 256, 512, 512];
    const weights = kernels.reduce((sum, { shape }, i) => sum + 9 * inChannels[i] * shape[3], 0);
    const channels = kernels.reduce((sum, { shape }) => sum + shape[3], 0);
    expect(parameters.length).toBe(weights + 2 * channels + 512 * 128 + 128);
    expect(states.length).toBe(2 * channels);
  });
});
