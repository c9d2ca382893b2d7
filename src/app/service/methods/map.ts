import type { CollectionMap } from '../../../api/index.js';
import type { ServiceMethod } from '../context.js';
import { derivedState, readDerived } from '../derived/derived-state.js';
import { mapFile, type StoredMap } from '../derived/stored-map.js';
import { summariesOf } from '../image-summary.js';

const nothing = { images: 0, laidOut: 0, trustworthiness: null, clusters: [], outliers: [] };

/** The map that was made last, with what its outliers are called now. */
export const map: ServiceMethod<Record<string, never>, CollectionMap> = async ({ directory, collection }) => {
  const derived = await readDerived<StoredMap>(directory, mapFile);
  const state = derivedState(collection, derived);
  if (derived === undefined) return { state, computedAt: null, ...nothing };
  const { outliers, ...content } = derived.content;
  const summaries = summariesOf(
    collection,
    outliers.map(({ id }) => id),
  );
  return {
    state,
    computedAt: derived.computedAt,
    ...content,
    outliers: outliers.flatMap((outlier) => {
      const summary = summaries.get(outlier.id);
      return summary ? [{ ...summary, ...outlier }] : [];
    }),
  };
};
