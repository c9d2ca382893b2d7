import type { EvaluationSummary } from '../../../api/index.js';
import type { ServiceMethod } from '../context.js';
import { derivedState, readDerived } from '../derived/derived-state.js';
import { evaluationFile, type StoredEvaluation } from '../derived/stored-evaluation.js';
import { summariesOf } from '../image-summary.js';

const nothing = {
  images: 0,
  queries: 0,
  figures: null,
  intervals: null,
  perLabel: [],
  confusion: { labels: [], counts: [], leftOut: 0 },
  suspects: [],
};

/** The evaluation that was made last. Suspected labels that have been changed since, or are of images that are gone, are left out. */
export const evaluation: ServiceMethod<Record<string, never>, EvaluationSummary> = async ({
  directory,
  collection,
}) => {
  const derived = await readDerived<StoredEvaluation>(directory, evaluationFile);
  const state = derivedState(collection, derived, { labels: true });
  if (derived === undefined) return { state, computedAt: null, ...nothing };
  const { suspects, ...content } = derived.content;
  const summaries = summariesOf(
    collection,
    suspects.map(({ id }) => id),
  );
  return {
    state,
    computedAt: derived.computedAt,
    ...content,
    suspects: suspects.flatMap(({ id, label, suggested, share, ownShare }) => {
      const summary = summaries.get(id);
      return summary?.label === label ? [{ ...summary, suggested, share, ownShare }] : [];
    }),
  };
};
