import type { LabelledVectors } from '../contracts/loss.js';

/**
 * Losses as their papers write them, in float64 by plain loops. Exponents are taken relative to the largest, or they
 * would overflow at low temperatures in float64 as well.
 */

/** −1/P Σᵢ log( exp(aᵢ·pᵢ/T) / Σⱼ exp(aᵢ·pⱼ/T) ), the anchors first, then their positives. */
export function naivePairSoftmax({ vectors }: LabelledVectors, temperature: number): number {
  const pairs = vectors.length / 2;
  const anchors = vectors.slice(0, pairs);
  const positives = vectors.slice(pairs);
  let total = 0;
  for (let i = 0; i < pairs; i++) {
    const logits = positives.map((positive) => dot(anchors[i], positive) / temperature);
    total -= logits[i] - logSumExp(logits);
  }
  return total / pairs;
}

/** The mean of both directions: anchors find positives, positives find anchors. */
export function naiveSymmetricPairSoftmax(batch: LabelledVectors, temperature: number): number {
  const pairs = batch.vectors.length / 2;
  const swapped = { ...batch, vectors: [...batch.vectors.slice(pairs), ...batch.vectors.slice(0, pairs)] };
  return (naivePairSoftmax(batch, temperature) + naivePairSoftmax(swapped, temperature)) / 2;
}

/** −1/B Σᵢ Σ_c q_ic log softmax_c(xᵢ·ŵ_c/T), q_ic = (1 − ε)[c = yᵢ] + ε/C, ŵ the proxies made unit vectors. */
export function naiveNormalizedSoftmax(
  { vectors, labels }: LabelledVectors,
  proxies: readonly (readonly number[])[],
  temperature: number,
  smoothing: number,
): number {
  const units = proxies.map((proxy) => proxy.map((value) => value / Math.hypot(...proxy)));
  let total = 0;
  for (const [i, vector] of vectors.entries()) {
    const logits = units.map((unit) => dot(vector, unit) / temperature);
    const norm = logSumExp(logits);
    for (const [c, logit] of logits.entries()) {
      const target = (c === labels[i] ? 1 - smoothing : 0) + smoothing / units.length;
      total -= target * (logit - norm);
    }
  }
  return total / vectors.length;
}

/** −1/B Σᵢ log( Σ_{j≠i, yⱼ=yᵢ} exp(xᵢ·xⱼ/T) / Σ_{j≠i} exp(xᵢ·xⱼ/T) ). */
export function naiveSoftNearestNeighbour({ vectors, labels }: LabelledVectors, temperature: number): number {
  let total = 0;
  for (let i = 0; i < vectors.length; i++) {
    const kin: number[] = [];
    const others: number[] = [];
    for (let j = 0; j < vectors.length; j++) {
      if (j === i) continue;
      const logit = dot(vectors[i], vectors[j]) / temperature;
      others.push(logit);
      if (labels[j] === labels[i]) kin.push(logit);
    }
    total -= logSumExp(kin) - logSumExp(others);
  }
  return total / vectors.length;
}

function logSumExp(values: readonly number[]): number {
  const largest = Math.max(...values);
  let sum = 0;
  for (const value of values) sum += Math.exp(value - largest);
  return largest + Math.log(sum);
}

function dot(a: readonly number[], b: readonly number[]): number {
  let sum = 0;
  for (let d = 0; d < a.length; d++) sum += a[d] * b[d];
  return sum;
}
