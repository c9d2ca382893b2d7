import { ImagekinError } from '../../core/errors.js';
import {
  add,
  cast,
  concat,
  constant,
  multiply,
  slice,
  step,
  stopGradient,
  subtract,
} from '../../engine/index.js';
import type { Loss } from './loss.js';

export interface MemoryOptions {
  /** Embeddings that are remembered, the latest ones. */
  readonly size: number;
  /** Steps before anything is remembered, while embeddings still change quickly. Default 0. */
  readonly startStep?: number;
}

/**
 * Cross-batch memory (Wang et al. 2020): a loss that compares the images of a batch with each other and with those of
 * earlier batches, as they were embedded then. It gives a small batch the hard negatives of a large one; gradients reach
 * the batch alone.
 *
 * The memory is part of the training state, and so of checkpoints.
 *
 * @throws `wrong-usage` for a loss that does not compare images with each other
 */
export function withMemory(loss: Loss, { size, startStep = 0 }: MemoryOptions): Loss {
  if (!loss.comparesImages) {
    throw new ImagekinError('wrong-usage', {
      where: `withMemory(${loss.name})`,
      expected: 'a loss that compares images with each other',
      got: 'one that compares them with proxies of classes, or in pairs',
      fix: 'take another loss, such as contrastive or multiSimilarity, or leave the memory out',
    });
  }
  return {
    ...loss,
    options: { ...loss.options, memory: { size, startStep } },
    build(batch) {
      const { embeddings, labels, state, update } = batch;
      const dimension = embeddings.shape[1] as number;
      const remembered = state(
        'memory.embeddings',
        [size, dimension],
        (shape) => new Float32Array(shape[0]! * shape[1]!),
      );
      const classes = state('memory.labels', [size], () => new Float32Array(size).fill(-1));
      const steps = state('memory.steps', [1], () => new Float32Array(1));

      // A label is kept as −1, nothing, until memory starts: started · (label + 1) − 1.
      const started = step(subtract(steps, constant(startStep - 0.5)));
      const newLabels = subtract(multiply(add(cast(labels, 'float32'), constant(1)), started), constant(1));
      const latest = (fresh: typeof embeddings, old: typeof embeddings) =>
        slice(concat([fresh, old]), 0, 0, size);
      update(remembered, latest(stopGradient(embeddings), remembered));
      update(classes, latest(newLabels, classes));
      update(steps, add(steps, constant(1)));
      return loss.build({
        ...batch,
        memory: { embeddings: stopGradient(remembered), labels: cast(classes, 'int64') },
      });
    },
  };
}
