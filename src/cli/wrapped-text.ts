import type { WrappedModel } from '../app/wrap-model.js';
import { formatBytes } from './quantities.js';
import { textFacts } from './text-table.js';

/** What a model file that was made of a model from elsewhere takes and gives. */
export function wrappedFacts(
  { model, modelId, bytes, inputSize, resize, dimension, recipe }: WrappedModel,
  more: readonly (readonly [term: string, value: string])[] = [],
): string {
  return textFacts([
    ['model', model],
    ['id', modelId],
    ['size', formatBytes(bytes)],
    ...more,
    ['takes', `images of ${inputSize.width}×${inputSize.height}; others: ${resize}`],
    ['gives', `${dimension} numbers, unit length, of '${recipe.output}' (${recipe.pooling})`],
    ['license', String(recipe.license ?? 'not known here')],
  ]);
}
