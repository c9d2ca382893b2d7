import type { EvaluationSummary } from '../../../api/index.js';

/** What is kept of an evaluation; the nearest of every image is beside it, in columns. */
export interface StoredEvaluation extends Omit<EvaluationSummary, 'state' | 'computedAt' | 'suspects'> {
  readonly suspects: readonly {
    readonly id: number;
    /** At the time. */
    readonly label: string;
    readonly suggested: string;
    readonly share: number;
    readonly ownShare: number;
  }[];
}

export const evaluationFile = 'evaluation.json';
