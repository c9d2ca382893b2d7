import { describe, expect, it } from 'vitest';
import { rateOf, requireFittingRates } from './parameter-rates.js';

describe('rateOf', () => {
  it('is 1 where no key fits', () => {
    expect(rateOf('block1.norm.offset', {})).toBe(1);
    expect(rateOf('block1.norm.offset', { scale: 2, norm: 3, set: 4, 'block2.norm.offset': 5 })).toBe(1);
  });

  it('fits a key to the name or to whole parts at its end, and lets the longest decide', () => {
    const rates = { offset: 64, 'norm.offset': 8, 'block1.norm.offset': 0 };
    expect(rateOf('offset', rates)).toBe(64);
    expect(rateOf('block2.shift.offset', rates)).toBe(64);
    expect(rateOf('block2.norm.offset', rates)).toBe(8);
    expect(rateOf('block1.norm.offset', rates)).toBe(0);
  });

  it('takes no key for what every object has', () => {
    expect(rateOf('layer.constructor', {})).toBe(1);
  });
});

describe('requireFittingRates', () => {
  const names = ['conv.weights', 'conv.bias', 'norm.scale'];
  it.each([
    [{ bais: 2 }, /got 'bais'; name one of conv\.weights, conv\.bias, norm\.scale/],
    [{ bias: -1 }, /got -1 for 'bias'/],
    [{ bias: Number.NaN }, /got NaN for 'bias'/],
    [{ weights: 0, bias: 0, 'norm.scale': 0 }, /freeze every parameter/],
  ])('refuses %j', (rates, message) => {
    expect(() => requireFittingRates(names, rates as Record<string, number>)).toThrow(
      expect.objectContaining({ code: 'wrong-usage', message: expect.stringMatching(message) }),
    );
  });

  it('lets pass what fits', () => {
    expect(() => requireFittingRates(names, { weights: 0, bias: 64, scale: 1 })).not.toThrow();
  });
});
