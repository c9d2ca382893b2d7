import type { CollectionStatus } from '../../../api/index.js';
import { collectionStatus } from '../../collection/collection-status.js';
import type { ServiceMethod } from '../context.js';
import { summary } from './summary.js';

export const status: ServiceMethod<Record<string, never>, CollectionStatus> = async (
  context,
  request,
  options,
) => {
  const shown = await summary(context, request, options);
  const { withoutVector, sources, reindex, index, bytes } = await collectionStatus({
    collection: context.directory,
  });
  return {
    ...shown,
    withoutVector,
    sources: [...sources],
    reindex: reindex && { model: reindex.model, done: reindex.done, total: reindex.total },
    index: {
      ...index.wanted,
      recall: index.state?.recall?.recallAt10 ?? null,
    },
    bytes,
  };
};
