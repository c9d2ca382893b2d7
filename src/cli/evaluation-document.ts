import type { EvaluateResult } from '../app/measure-model.js';

/**
 * An evaluation as --json prints it: every figure at the top level. What pictures are drawn from (confusion cells,
 * examples) stands in the evaluation.json of a report alone.
 */
export function evaluationDocument({ evaluation, comparison, ...about }: EvaluateResult) {
  const { model, modelId, source, gallery, images, ...rest } = about;
  return {
    model,
    modelId,
    source,
    gallery,
    images,
    ...figuresOf(evaluation),
    ...rest,
    comparison: comparison && {
      model: comparison.model,
      modelId: comparison.modelId,
      ...figuresOf(comparison.evaluation),
      differences: comparison.differences,
    },
  };
}

function figuresOf(evaluation: EvaluateResult['evaluation']) {
  const { confusion, confusionOfFirstTen, mostConfusedPairs, examples, classNames, ...figures } = evaluation;
  return figures;
}
