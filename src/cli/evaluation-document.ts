import type { EvaluateResult } from '../app/measure-model.js';

/**
 * An evaluation as --json prints it: every figure at the top level. What pictures are drawn from (confusion cells,
 * examples) stands in the evaluation.json of a report alone.
 */
export function evaluationDocument({ evaluation, ...about }: EvaluateResult) {
  const { confusion, confusionOfFirstTen, mostConfusedPairs, examples, ...figures } = evaluation;
  const { model, modelId, source, images, ...rest } = about;
  return { model, modelId, source, images, ...figures, ...rest };
}
