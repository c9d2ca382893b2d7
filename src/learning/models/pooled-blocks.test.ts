import { describe, expect, it } from 'vitest';
import { keepsNetworkContract } from '../../../test/contracts/network.js';
import { pooledBlocks } from './pooled-blocks.js';
import { testTimeFlip } from './test-time-flip.js';

const small = {
  inputSize: { width: 9, height: 8 },
  dimension: 5,
  widths: [3, 4],
  depth: 2,
  pool: 'average',
  activation: 'relu',
} as const;

describe('pooledBlocks', () => {
  describe('with means', () => keepsNetworkContract(() => pooledBlocks(small)));
  describe('with maxima', () =>
    keepsNetworkContract(() => pooledBlocks({ ...small, pool: 'max', depth: 1, activation: 'gelu' })));
  describe('with test-time flip', () => keepsNetworkContract(() => testTimeFlip(pooledBlocks(small))));

  it('is fitted to the images it is given', () => {
    const pixels = Uint8Array.from({ length: 2 * 9 * 8 * 3 }, (_, i) => (i * 37) % 251);
    const fitted = pooledBlocks(small).fit!({ pixels, count: 2, width: 9, height: 8 });
    expect([...fitted.keys()]).toEqual(['whitening.weights']);
    expect(fitted.get('whitening.weights')!.length).toBe(2 * 2 * 3 * 24);
  });
});
