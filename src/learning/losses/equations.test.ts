import { describe, expect, it } from 'vitest';
import { BatchGraph } from '../../../test/fixtures/embedded-batch.js';
import { type LossBatch, lossBatches } from '../../../test/fixtures/loss-batches.js';
import {
  allTriplets,
  hardestTriplets,
  type NaiveMetricLoss,
  naiveArcFace,
  naiveCircle,
  naiveContrastive,
  naiveCosFace,
  naiveEmbeddingNorm,
  naiveKoLeo,
  naiveMultiSimilarity,
  naiveNtXent,
  naiveProxyAnchor,
  naiveProxyNca,
  naiveSmoothAp,
  naiveSoftNeighbours,
  naiveSupCon,
  naiveTriplet,
  semiHardTriplets,
} from '../../../test/oracle/metric-losses.js';
import { differentiate, fixed, plus, scaled } from '../../../test/oracle/scalar.js';
import { batchAll, batchHard, multiSimilarityMiner } from '../miners/index.js';
import { embeddingNorm, koLeo } from '../regularizers/index.js';
import {
  arcFace,
  circle,
  contrastive,
  cosFace,
  type Loss,
  multiSimilarity,
  ntXent,
  proxyAnchor,
  proxyNca,
  regularized,
  smoothAp,
  softNearestNeighbour,
  supCon,
  triplet,
} from './index.js';

/** Every loss with the loop that says what it is, and whether it learns proxies. */
const cases: [name: string, loss: Loss, naive: NaiveMetricLoss, proxies?: boolean][] = [
  ['nt-xent', ntXent(), naiveNtXent(0.1)],
  ['nt-xent at 0.01', ntXent({ temperature: 0.01 }), naiveNtXent(0.01)],
  ['nt-xent of dot products', ntXent({ distance: 'dot' }), naiveNtXent(0.1, 'dot')],
  [
    'nt-xent of squared distances',
    ntXent({ distance: 'squared-euclidean' }),
    naiveNtXent(0.1, 'squared-euclidean'),
  ],
  ['sup-con', supCon(), naiveSupCon(0.1)],
  ['sup-con at 0.01', supCon({ temperature: 0.01 }), naiveSupCon(0.01)],
  ['soft nearest neighbours', softNearestNeighbour(), naiveSoftNeighbours(0.1)],
  ['soft nearest neighbours at 0.01', softNearestNeighbour({ temperature: 0.01 }), naiveSoftNeighbours(0.01)],
  ['triplet, semi-hard', triplet(), naiveTriplet(0.2, 'squared-euclidean', semiHardTriplets)],
  [
    'triplet, hard, soft margin',
    triplet({ margin: 'soft', distance: 'cosine', miner: batchHard() }),
    naiveTriplet('soft', 'cosine', hardestTriplets),
  ],
  [
    'triplet, all',
    triplet({ margin: 0.3, distance: 'cosine', miner: batchAll() }),
    naiveTriplet(0.3, 'cosine', allTriplets),
  ],
  ['contrastive', contrastive(), naiveContrastive(1, 0.5, 'cosine')],
  [
    'contrastive of squared distances',
    contrastive({ distance: 'squared-euclidean' }),
    naiveContrastive(0, 1, 'squared-euclidean'),
  ],
  ['multi-similarity', multiSimilarity(), naiveMultiSimilarity(2, 50, 0.5, 0.1)],
  [
    'multi-similarity of a wide margin',
    multiSimilarity({ alpha: 5, beta: 40, base: 0.3, miner: multiSimilarityMiner({ epsilon: 0.5 }) }),
    naiveMultiSimilarity(5, 40, 0.3, 0.5),
  ],
  [
    'multi-similarity of squared distances',
    multiSimilarity({ distance: 'squared-euclidean' }),
    naiveMultiSimilarity(2, 50, 1, 0.1, 'squared-euclidean'),
  ],
  ['circle', circle(), naiveCircle(0.4, 80)],
  ['circle of a small scale', circle({ margin: 0.25, scale: 16 }), naiveCircle(0.25, 16)],
  ['arc-face', arcFace(), naiveArcFace(0.5, 32), true],
  ['arc-face of a scale of 100', arcFace({ margin: 0.3, scale: 100 }), naiveArcFace(0.3, 100), true],
  ['cos-face', cosFace(), naiveCosFace(0.35, 32), true],
  ['cos-face of a scale of 100', cosFace({ scale: 100 }), naiveCosFace(0.35, 100), true],
  ['proxy-anchor', proxyAnchor(), naiveProxyAnchor(0.1, 32), true],
  ['proxy-nca', proxyNca(), naiveProxyNca(1 / 9), true],
  ['proxy-nca at 0.01', proxyNca({ temperature: 0.01 }), naiveProxyNca(0.01), true],
  ['smooth-ap', smoothAp(), naiveSmoothAp(0.01)],
  ['smooth-ap of a wide step', smoothAp({ temperature: 0.1 }), naiveSmoothAp(0.1)],
  [
    'sup-con with penalties',
    regularized(supCon(), koLeo({ weight: 0.5 }), embeddingNorm({ weight: 0.2 })),
    (batch) =>
      plus(naiveSupCon(0.1)(batch), scaled(naiveKoLeo(batch), 0.5), scaled(naiveEmbeddingNorm(batch), 0.2)),
  ],
];

const memory = {
  vectors: [
    [0.5, 0.5, -0.5, 0.5, 0, 0],
    [0, 0, 1, 0, 0, 0],
    [0.1, -0.7, 0.3, 0.2, 0.4, -0.4],
    [9, 9, 9, 9, 9, 9],
  ],
  labels: [0, 5, 3, -1],
};

describe('losses', () => {
  describe.each(cases)('%s', (_name, loss, naive, proxies = false) => {
    it.each(Object.entries(lossBatches))(
      'has the value and gradient of its equation: %s',
      async (_, batch) => {
        await agrees(loss, naive, batch, proxies);
      },
    );

    it('describes itself in plain JSON', () => {
      expect(JSON.parse(JSON.stringify(loss.options))).toEqual(loss.options);
    });
  });

  describe.each(cases.filter(([, loss]) => loss.comparesImages))(
    '%s, with a memory',
    (_name, loss, naive) => {
      it('compares with what is remembered, and with no empty place', async () => {
        const batch = lossBatches['random, four images of each of six classes'];
        await agrees(loss, naive, batch, false, memory);
      });
    },
  );
});

/** Value and gradient of the engine's float32, against the loop's float64: 1e-5 of their size. */
async function agrees(
  loss: Loss,
  naive: NaiveMetricLoss,
  batch: LossBatch,
  proxies: boolean,
  remembered?: typeof memory,
): Promise<void> {
  const graph = new BatchGraph(batch, remembered);
  const found = await graph.differentiate(loss.build(graph.batch));
  const dimension = batch.vectors[0].length;
  const rows = batch.vectors.length;
  const first = proxies ? graph.learnedValues : new Float32Array();
  const expected = differentiate([...batch.vectors.flat(), ...first], (all) => {
    const row = (i: number) => all.slice(i * dimension, (i + 1) * dimension);
    return naive({
      vectors: batch.vectors.map((_, i) => row(i)),
      labels: batch.labels,
      proxies: Array.from({ length: first.length / dimension }, (_, c) => row(rows + c)),
      ...(remembered && {
        memory: { vectors: remembered.vectors.map((v) => v.map(fixed)), labels: remembered.labels },
      }),
    });
  });
  expect(relativeError([found.value], [expected.value])).toBeLessThanOrEqual(1e-5);
  const split = rows * dimension;
  // A vector of zeros has a slope a million times that of others: the two are compared apart.
  const ofRows = (gradient: readonly number[], zeros: boolean) =>
    gradient
      .slice(0, split)
      .filter((_, i) => batch.vectors[Math.floor(i / dimension)].every((v) => v === 0) === zeros);
  for (const zeros of [false, true]) {
    const error = relativeError(ofRows(found.embeddings, zeros), ofRows(expected.gradient, zeros));
    expect(error).toBeLessThanOrEqual(1e-5);
  }
  expect(relativeError(found.learned, expected.gradient.slice(split))).toBeLessThanOrEqual(1e-5);
}

/** Largest difference, relative to the largest number, or to 1 where all are smaller. */
function relativeError(found: readonly number[], expected: readonly number[]): number {
  expect(found.length).toBe(expected.length);
  const size = Math.max(1, ...expected.map(Math.abs));
  return Math.max(0, ...found.map((value, i) => Math.abs(value - expected[i]) / size));
}
