import { constant, multiply, softplus, subtract } from '../../engine/index.js';
import type { DistanceName } from '../distances/index.js';
import { compare } from './comparison.js';
import type { Loss } from './loss.js';
import { asColumn, maskedLogSumExp } from './masked.js';
import { type ReducerName, reduce } from './reducer.js';

export interface NtXentOptions {
  /** Divides nearness. Default 0.1. */
  readonly temperature?: number;
  readonly distance?: DistanceName;
  readonly reducer?: ReducerName;
}

/**
 * Normalised temperature-scaled cross-entropy (Chen et al. 2020, SimCLR; InfoNCE of van den Oord et al. 2018), for any
 * number of images of a class: every positive pair is to stand out among the negatives of its anchor.
 *
 * L = mean over pairs (i, p) of −log( exp(s_ip/T) / (exp(s_ip/T) + Σ_{n: yₙ≠yᵢ} exp(s_in/T)) )
 *
 * An anchor without negatives has a term of 0; a batch without positive pairs a loss of 0.
 */
export function ntXent({
  temperature = 0.1,
  distance = 'cosine',
  reducer = 'mean',
}: NtXentOptions = {}): Loss {
  return {
    name: 'nt-xent',
    options: { temperature, distance, reducer },
    comparesImages: true,
    build(batch) {
      const { nearness, positives, negatives } = compare(batch, distance);
      const logits = multiply(nearness, constant(1 / temperature));
      const against = asColumn(maskedLogSumExp(logits, negatives));
      return reduce(reducer, softplus(subtract(against, logits)), positives);
    },
  };
}
