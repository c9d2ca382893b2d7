import {
  atLeast,
  dot,
  fixed,
  largest,
  log,
  logOnePlusSum,
  logSumExp,
  mean,
  minus,
  over,
  plus,
  type Scalar,
  scaled,
  shifted,
  sigmoid,
  sqrt,
  sum,
  times,
  unit,
} from './scalar.js';

// Losses as their papers write them, by plain loops over the images of a batch, in float64.

/** A batch, and what it is compared with. */
export interface NaiveBatch {
  readonly vectors: readonly (readonly Scalar[])[];
  readonly labels: readonly number[];
  /** A proxy of each class, of any length. */
  readonly proxies: readonly (readonly Scalar[])[];
  /** Earlier embeddings, with the class of each. */
  readonly memory?: { readonly vectors: readonly (readonly Scalar[])[]; readonly labels: readonly number[] };
}

export type NaiveMetricLoss = (batch: NaiveBatch) => Scalar;

export type NaiveDistance = 'cosine' | 'dot' | 'squared-euclidean';

/** Each anchor with its nearness to its positives and to its negatives. */
export interface NaiveAnchor {
  readonly positives: readonly Scalar[];
  readonly negatives: readonly Scalar[];
}

export function anchorsOf(batch: NaiveBatch, distance: NaiveDistance): NaiveAnchor[] {
  const vectors = [...batch.vectors, ...(batch.memory?.vectors ?? [])];
  const labels = [...batch.labels, ...(batch.memory?.labels ?? [])];
  const prepared = distance === 'cosine' ? vectors.map(unit) : vectors;
  return batch.vectors.map((_, i) => {
    const positives: Scalar[] = [];
    const negatives: Scalar[] = [];
    for (let j = 0; j < vectors.length; j++) {
      if (j === i || labels[j] < 0) continue;
      const kind = labels[j] === labels[i] ? positives : negatives;
      kind.push(
        distance === 'squared-euclidean'
          ? scaled(squaredDistance(prepared[i], prepared[j]), -1)
          : dot(prepared[i], prepared[j]),
      );
    }
    return { positives, negatives };
  });
}

function squaredDistance(a: readonly Scalar[], b: readonly Scalar[]): Scalar {
  const difference = a.map((value, d) => minus(value, b[d]));
  return dot(difference, difference);
}

const withPositives = (anchors: readonly NaiveAnchor[]) =>
  anchors.filter(({ positives }) => positives.length > 0);

/** Nearness to the hardest of each kind. */
const furthest = (terms: readonly Scalar[]) => scaled(largest(terms.map((term) => scaled(term, -1))), -1);

export const naiveNtXent =
  (temperature: number, distance: NaiveDistance = 'cosine'): NaiveMetricLoss =>
  (batch) =>
    mean(
      anchorsOf(batch, distance).flatMap(({ positives, negatives }) =>
        positives.map((p) => {
          const own = scaled(p, 1 / temperature);
          const against = negatives.map((n) => scaled(n, 1 / temperature));
          return minus(logSumExp([own, ...against]), own);
        }),
      ),
    );

export const naiveSupCon =
  (temperature: number): NaiveMetricLoss =>
  (batch) =>
    mean(
      withPositives(anchorsOf(batch, 'cosine')).map(({ positives, negatives }) => {
        const all = logSumExp([...positives, ...negatives].map((s) => scaled(s, 1 / temperature)));
        return mean(positives.map((p) => minus(all, scaled(p, 1 / temperature))));
      }),
    );

export const naiveSoftNeighbours =
  (temperature: number): NaiveMetricLoss =>
  (batch) =>
    mean(
      withPositives(anchorsOf(batch, 'dot')).map(({ positives, negatives }) => {
        const logits = (terms: readonly Scalar[]) => logSumExp(terms.map((s) => scaled(s, 1 / temperature)));
        return minus(logits([...positives, ...negatives]), logits(positives));
      }),
    );

/** Mean over the terms above 0. */
const meanOfNonZero = (terms: readonly Scalar[]) => mean(terms.filter(({ value }) => value > 0));

export type NaiveTriplets = (
  anchor: NaiveAnchor,
) => readonly (readonly [positive: Scalar, negative: Scalar])[];

export const allTriplets: NaiveTriplets = ({ positives, negatives }) =>
  positives.flatMap((p) => negatives.map((n) => [p, n] as const));

export const hardestTriplets: NaiveTriplets = ({ positives, negatives }) =>
  positives.length && negatives.length ? [[furthest(positives), largest(negatives)]] : [];

export const semiHardTriplets: NaiveTriplets = ({ positives, negatives }) =>
  negatives.length === 0
    ? []
    : positives.map((p) => {
        const further = negatives.filter((n) => n.value < p.value);
        const pool = further.length ? further : negatives;
        const wanted = further.length
          ? Math.max(...pool.map((n) => n.value))
          : Math.min(...pool.map((n) => n.value));
        return [p, pool.find((n) => n.value === wanted)!] as const;
      });

export const multiSimilarPairs = ({ positives, negatives }: NaiveAnchor, epsilon: number): NaiveAnchor => {
  if (positives.length === 0 || negatives.length === 0) return { positives: [], negatives: [] };
  const nearest = Math.max(...negatives.map((n) => n.value));
  const far = Math.min(...positives.map((p) => p.value));
  return {
    positives: positives.filter((p) => p.value < nearest + epsilon),
    negatives: negatives.filter((n) => n.value > far - epsilon),
  };
};

export const naiveTriplet =
  (margin: number | 'soft', distance: NaiveDistance, triplets: NaiveTriplets): NaiveMetricLoss =>
  (batch) => {
    const terms = anchorsOf(batch, distance)
      .flatMap(triplets)
      .map(([p, n]) => {
        const excess = minus(n, p);
        return margin === 'soft' ? logOnePlusSum([excess]) : atLeast(shifted(excess, margin), 0);
      });
    return meanOfNonZero(terms);
  };

export const naiveContrastive =
  (positiveMargin: number, negativeMargin: number, distance: NaiveDistance): NaiveMetricLoss =>
  (batch) => {
    const anchors = anchorsOf(batch, distance);
    const sign = distance === 'squared-euclidean' ? -1 : 1;
    const tooFar = anchors.flatMap(({ positives }) =>
      positives.map((p) => atLeast(shifted(scaled(p, -1), sign * positiveMargin), 0)),
    );
    const tooNear = anchors.flatMap(({ negatives }) =>
      negatives.map((n) => atLeast(shifted(n, -sign * negativeMargin), 0)),
    );
    return plus(meanOfNonZero(tooFar), meanOfNonZero(tooNear));
  };

export const naiveMultiSimilarity =
  (
    alpha: number,
    beta: number,
    base: number,
    epsilon: number,
    distance: NaiveDistance = 'cosine',
  ): NaiveMetricLoss =>
  (batch) =>
    mean(
      anchorsOf(batch, distance)
        .map((anchor) => multiSimilarPairs(anchor, epsilon))
        .filter(({ positives, negatives }) => positives.length + negatives.length > 0)
        .map(({ positives, negatives }) => {
          const side = (terms: readonly Scalar[], sharpness: number) =>
            scaled(
              logOnePlusSum(
                terms.map((s) =>
                  scaled(shifted(s, distance === 'squared-euclidean' ? base : -base), sharpness),
                ),
              ),
              1 / Math.abs(sharpness),
            );
          return plus(side(positives, -alpha), side(negatives, beta));
        }),
    );

export const naiveCircle =
  (margin: number, scale: number): NaiveMetricLoss =>
  (batch) =>
    mean(
      anchorsOf(batch, 'cosine')
        .filter(({ positives, negatives }) => positives.length > 0 && negatives.length > 0)
        .map(({ positives, negatives }) => {
          const pull = positives.map((s) =>
            scaled(shifted(s, margin - 1), -scale * Math.max(0, 1 + margin - s.value)),
          );
          const push = negatives.map((s) =>
            scaled(shifted(s, -margin), scale * Math.max(0, s.value + margin)),
          );
          return logOnePlusSum([plus(logSumExp(push), logSumExp(pull))]);
        }),
    );

/** Cosines to the proxies of all classes. */
const cosinesOf = ({ vectors, proxies }: NaiveBatch) => {
  const units = proxies.map(unit);
  return vectors.map((vector) => {
    const own = unit(vector);
    return units.map((proxy) => dot(own, proxy));
  });
};

/** Mean of −log softmax at the own class. */
const naiveCrossEntropy = (logits: readonly (readonly Scalar[])[], labels: readonly number[]) =>
  mean(logits.map((row, i) => minus(logSumExp(row), row[labels[i]])));

export const naiveArcFace =
  (margin: number, scale: number): NaiveMetricLoss =>
  (batch) =>
    naiveCrossEntropy(
      cosinesOf(batch).map((row, i) =>
        row.map((cosine, c) => scaled(c === batch.labels[i] ? turned(cosine, margin) : cosine, scale)),
      ),
      batch.labels,
    );

function turned(cosine: Scalar, margin: number): Scalar {
  if (cosine.value <= Math.cos(Math.PI - margin)) return shifted(cosine, -margin * Math.sin(margin));
  const sine = sqrt(atLeast(shifted(scaled(times(cosine, cosine), -1), 1), 1e-6));
  return minus(scaled(cosine, Math.cos(margin)), scaled(sine, Math.sin(margin)));
}

export const naiveCosFace =
  (margin: number, scale: number): NaiveMetricLoss =>
  (batch) =>
    naiveCrossEntropy(
      cosinesOf(batch).map((row, i) =>
        row.map((cosine, c) => scaled(shifted(cosine, c === batch.labels[i] ? -margin : 0), scale)),
      ),
      batch.labels,
    );

export const naiveProxyAnchor =
  (margin: number, alpha: number): NaiveMetricLoss =>
  (batch) => {
    const cosines = cosinesOf(batch);
    const pulled: Scalar[] = [];
    const pushed: Scalar[] = [];
    for (let c = 0; c < batch.proxies.length; c++) {
      const of = (own: boolean) =>
        cosines.filter((_, i) => (batch.labels[i] === c) === own).map((row) => row[c]);
      if (of(true).length > 0)
        pulled.push(logOnePlusSum(of(true).map((s) => scaled(shifted(s, -margin), -alpha))));
      pushed.push(logOnePlusSum(of(false).map((s) => scaled(shifted(s, margin), alpha))));
    }
    return plus(mean(pulled), mean(pushed));
  };

export const naiveProxyNca =
  (temperature: number): NaiveMetricLoss =>
  (batch) =>
    naiveCrossEntropy(
      batch.vectors.map((vector) =>
        batch.proxies.map((proxy) => scaled(squaredDistance(unit(vector), unit(proxy)), -1 / temperature)),
      ),
      batch.labels,
    );

export const naiveSmoothAp =
  (temperature: number): NaiveMetricLoss =>
  (batch) =>
    mean(
      withPositives(anchorsOf(batch, 'cosine')).map(({ positives, negatives }) => {
        const precisions = positives.map((own, j) => {
          const ahead = (other: Scalar) => sigmoid(scaled(minus(other, own), 1 / temperature));
          const rank = plus(fixed(1), ...positives.filter((_, k) => k !== j).map(ahead));
          return over(rank, plus(rank, ...negatives.map(ahead)));
        });
        return shifted(scaled(mean(precisions), -1), 1);
      }),
    );

export const naiveKoLeo: NaiveMetricLoss = ({ vectors }) => {
  if (vectors.length < 2) return fixed(0);
  const units = vectors.map(unit);
  return scaled(
    mean(
      units.map((own, i) => {
        const apart = units.filter((_, j) => j !== i).map((other) => squaredDistance(own, other));
        const least = apart.reduce((a, b) => (b.value < a.value ? b : a));
        return log(shifted(least, 1e-6));
      }),
    ),
    -0.5,
  );
};

export const naiveEmbeddingNorm: NaiveMetricLoss = ({ vectors }) =>
  mean(vectors.map((vector) => sum([dot(vector, vector)])));
