import { describe, expect, it } from 'vitest';
import { modelText } from './model-text.js';

describe('modelText', () => {
  const id = '4fb86b0ad166f67c0bb80adada2741031e0cb8993e6ceaab6f08b70ccae92513';
  it.each([
    ['shoes.onnx', id, 'shoes.onnx (4fb86b0ad166)'],
    [id, id, '4fb86b0ad166'],
    ['clip-vit-base-patch32', 'clip-vit-base-patch32', 'clip-vit-base-patch32'],
  ])('writes %s of %s as %s', (model, modelId, text) => {
    expect(modelText({ model, modelId })).toBe(text);
  });
});
