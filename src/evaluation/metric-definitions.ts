/** A metric as it should be shown: its name, and the formula, because names alone mean different things elsewhere. */
export interface MetricDefinition {
  readonly name: string;
  readonly formula: string;
  /** What it says in plain words. */
  readonly meaning: string;
}

/** By the field of `Evaluation` that holds the figure. */
export const metricDefinitions = {
  precisionAt1: {
    name: 'precision@1',
    formula: 'mean over queries of rel(1)',
    meaning: 'The nearest other image has the same class.',
  },
  precisionAt10: {
    name: 'precision@10',
    formula: 'mean over queries of (1/10) Σ rel(i), i ≤ 10',
    meaning: 'Share of the ten nearest that have the same class.',
  },
  rPrecision: {
    name: 'R-precision',
    formula: 'mean over queries of (1/R) Σ rel(i), i ≤ R',
    meaning: 'Share of the R nearest that have the same class, R being the number of others there are.',
  },
  mapAtR: {
    name: 'MAP@R',
    formula: 'mean over queries of (1/R) Σ rel(i) · P(i), i ≤ R',
    meaning: 'R-precision that also asks for the right ones to come first.',
  },
  recallAtK: {
    name: 'recall@k',
    formula: 'share of queries with Σ rel(i) > 0, i ≤ k',
    meaning: 'At least one of the k nearest has the same class.',
  },
  knnAccuracy: {
    name: 'kNN accuracy',
    formula: 'share of queries whose class wins the vote of the k nearest training images',
    meaning: 'How well a nearest-neighbour classifier does on these embeddings.',
  },
} as const satisfies Record<string, MetricDefinition>;
