import {
  cast,
  constant,
  equal,
  gatherElements,
  l2Normalize,
  logSoftmax,
  matmul,
  mean,
  negate,
  reshape,
  type Tensor,
} from '../../engine/index.js';
import { fanInUniform } from '../initializers.js';
import type { EmbeddedBatch } from './loss.js';

/** A learned vector for each class, made a unit vector: float32 [classes, D]. */
export function unitProxies({ embeddings, classCount, parameter }: EmbeddedBatch): Tensor {
  const dimension = embeddings.shape[1] as number;
  const initial = fanInUniform({ fanIn: dimension, fanOut: classCount });
  return l2Normalize(parameter('proxies', [classCount, dimension], initial));
}

/** Cosine of each embedding to the proxy of each class: float32 [B, classes]. */
export function proxyCosines(batch: EmbeddedBatch): Tensor {
  return matmul(l2Normalize(batch.embeddings), unitProxies(batch), { transposeB: true });
}

/** Each row's element at its own class: float32 [B, classes] → [B, 1]. */
export function atOwnClass(x: Tensor, labels: Tensor): Tensor {
  return gatherElements(x, reshape(labels, [labels.shape[0]!, 1]));
}

/** float32 [B, classes]: 1 at each row's own class. */
export function ownClass(labels: Tensor, classCount: number): Tensor {
  const classes = constant([...Array(classCount).keys()], [1, classCount], 'int64');
  return cast(equal(reshape(labels, [labels.shape[0]!, 1]), classes), 'float32');
}

/** −1/B Σᵢ log softmax(logitsᵢ) at the own class. */
export function crossEntropy(logits: Tensor, labels: Tensor): Tensor {
  return negate(mean(atOwnClass(logSoftmax(logits), labels)));
}
