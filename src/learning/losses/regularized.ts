import { add, constant, multiply } from '../../engine/index.js';
import type { Regularizer } from '../regularizers/regularizer.js';
import type { Loss } from './loss.js';

/** A loss with penalties on the embeddings of the batch added, each times its weight. */
export function regularized(loss: Loss, ...regularizers: readonly Regularizer[]): Loss {
  return {
    ...loss,
    options: {
      ...loss.options,
      regularizers: [
        ...((loss.options.regularizers as readonly unknown[] | undefined) ?? []),
        ...regularizers.map(({ name, options }) => ({ name, ...options })),
      ],
    },
    build: (batch) =>
      regularizers
        .map(({ weight, penalty }) => multiply(penalty(batch.embeddings), constant(weight)))
        .reduce(add, loss.build(batch)),
  };
}
