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
  map: {
    name: 'MAP',
    formula: 'mean over queries of (1/R) Σ rel(i) · P(i), all i',
    meaning: 'Average precision: all R should come before any other, however far down they are.',
  },
  mrr: {
    name: 'MRR',
    formula: 'mean over queries of 1 / min {i : rel(i) = 1}',
    meaning: 'How soon the first of the same class comes: 1 at rank 1, 1/2 at rank 2.',
  },
  precisionAtK: {
    name: 'precision@k',
    formula: 'mean over queries of (1/k) Σ rel(i), i ≤ k',
    meaning: 'Share of the k nearest that have the same class.',
  },
  recallAtK: {
    name: 'recall@k',
    formula: 'share of queries with Σ rel(i) > 0, i ≤ k',
    meaning: 'At least one of the k nearest has the same class.',
  },
  ndcgAtK: {
    name: 'NDCG@k',
    formula: 'mean over queries of Σ rel(i) / log₂(i + 1), i ≤ k, as a share of the best possible',
    meaning: 'Like precision@k, but earlier ranks count for more, and 1 can be reached by small classes.',
  },
  knnAccuracy: {
    name: 'kNN accuracy',
    formula: 'share of queries whose class wins the vote of the k nearest training images',
    meaning: 'How well a nearest-neighbour classifier does on these embeddings.',
  },
  nmi: {
    name: 'NMI',
    formula: 'I(classes; k-means clusters) / mean of their entropies',
    meaning: 'How much clusters made without labels tell of the classes.',
  },
  ami: {
    name: 'AMI',
    formula: '(I − E) / (mean of the entropies − E), E = I expected by chance',
    meaning: 'NMI less what as many clusters would reach by chance.',
  },
} as const satisfies Record<string, MetricDefinition>;
