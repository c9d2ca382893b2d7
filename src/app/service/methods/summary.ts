import type { CollectionSummary } from '../../../api/index.js';
import type { ServiceMethod } from '../context.js';

export const summary: ServiceMethod<Record<string, never>, CollectionSummary> = async ({
  name,
  collection,
}) => {
  const { catalog } = collection;
  const { model, facts } = catalog.db.snapshot(() => {
    const labels = catalog.images.labels();
    return {
      model: collection.model,
      facts: {
        images: catalog.images.count(),
        missing: catalog.images.count({ sql: 'images.missing_since IS NOT NULL', params: [] }),
        failures: catalog.failures.count(),
        labels: labels.filter(({ label }) => label !== null).length,
        unlabelled: labels.find(({ label }) => label === null)?.images ?? 0,
        createdAt: catalog.settings.origin().createdAt,
      },
    };
  });
  const { id, name: modelName, dimension, hasFile } = model;
  const { isCalibrated } = await import('../../collection/search/score-meaning.js');
  return {
    name,
    ...facts,
    model: { name: modelName, id, dimension, hasFile, calibrated: await isCalibrated(collection, model) },
  };
};
