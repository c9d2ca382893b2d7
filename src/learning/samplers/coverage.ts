import type { BatchSampler, SampledLabels } from './sampler.js';

/** What a sampler shows of its images in a number of batches. */
export interface Coverage {
  readonly batches: number;
  readonly images: number;
  /** Images seen at least once. */
  readonly imagesSeen: number;
  /** How often an image was seen. */
  readonly timesSeen: Spread;
  /** How often a class stood in a batch. */
  readonly turnsOfClasses: Spread;
  /** Names of classes of which no image was seen, the first 20. */
  readonly classesUnseen: readonly string[];
}

export interface Spread {
  readonly least: number;
  readonly median: number;
  readonly most: number;
}

/**
 * Counts what batches 0 to `batches − 1` show. Without a number: those of an epoch, or where the sampler knows none as many
 * as hold each image once on average.
 */
export function coverage(sampler: BatchSampler, images: SampledLabels, batches?: number): Coverage {
  const { labels, classNames } = images;
  const { batchesPerEpoch = Math.ceil(labels.length / sampler.batchSize) } = sampler;
  const count = batches ?? batchesPerEpoch;
  const times = new Int32Array(labels.length);
  const turns = new Int32Array(classNames.length);
  for (let step = 0; step < count; step++) {
    const batch = sampler.batch(step);
    for (const index of batch.indices) times[index]!++;
    for (const label of new Set(batch.labels)) turns[label]!++;
  }
  const filled = new Set(labels);
  return {
    batches: count,
    images: labels.length,
    imagesSeen: times.reduce((seen, n) => seen + (n > 0 ? 1 : 0), 0),
    timesSeen: spread(times),
    turnsOfClasses: spread(turns.filter((_, c) => filled.has(c))),
    classesUnseen: classNames.filter((_, c) => filled.has(c) && turns[c] === 0).slice(0, 20),
  };
}

function spread(values: Int32Array): Spread {
  const sorted = values.toSorted();
  return { least: sorted[0] ?? 0, median: sorted[sorted.length >> 1] ?? 0, most: sorted.at(-1) ?? 0 };
}
