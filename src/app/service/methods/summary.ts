import type { CollectionSummary } from '../../../api/index.js';
import { imageFacts } from '../../collection/catalog-facts.js';
import type { ServiceContext, ServiceMethod } from '../context.js';
import { kept } from '../kept.js';

export const summary: ServiceMethod<Record<string, never>, CollectionSummary> = async (context) => {
  const { name, collection } = context;
  const { model, facts } = kept(context, rememberedFacts).now();
  const { id, name: modelName, dimension, hasFile } = model;
  const { isCalibrated } = await import('../../collection/search/score-meaning.js');
  return {
    name,
    ...facts,
    model: { name: modelName, id, dimension, hasFile, calibrated: await isCalibrated(collection, model) },
  };
};

/** Counted once for each write: whoever watches whether the server is ready asks for this every few seconds. */
function rememberedFacts({ collection }: ServiceContext) {
  let known: { readonly state: string; readonly found: ReturnType<typeof factsOf> } | undefined;
  return {
    now() {
      return collection.catalog.db.snapshot(() => {
        const state = collection.catalog.state();
        if (known?.state !== state) known = { state, found: factsOf(collection) };
        return known.found;
      });
    },
  };
}

function factsOf({ catalog, model }: ServiceContext['collection']) {
  const { labelled, ...counts } = imageFacts(catalog);
  const { createdAt } = catalog.settings.origin();
  return { model, facts: { ...counts, labels: labelled.length, createdAt } };
}
