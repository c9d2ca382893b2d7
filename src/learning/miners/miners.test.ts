import { describe, expect, it } from 'vitest';
import { BatchGraph, type MemoryValues } from '../../../test/fixtures/embedded-batch.js';
import { type LossBatch, lossBatches } from '../../../test/fixtures/loss-batches.js';
import {
  type NaiveComparison,
  type NaivePairs,
  type NaiveTriplet,
  naiveAllPairs,
  naiveDrawProbabilities,
  naiveHardPairs,
  naiveMultiSimilarPairs,
  naiveSemiHardTriplets,
  pairsOf,
  tripletsOf,
} from '../../../test/oracle/miners.js';
import { Random } from '../../core/random.js';
import { add, broadcastTo } from '../../engine/index.js';
import type { DistanceName } from '../distances/index.js';
import { compare } from '../losses/comparison.js';
import {
  batchAll,
  batchHard,
  batchSemiHard,
  distanceWeighted,
  type Miner,
  multiSimilarityMiner,
} from './index.js';

const memory: MemoryValues = {
  vectors: [
    [0.5, 0.5, -0.5, 0.5, 0, 0],
    [0, 0, 1, 0, 0, 0],
    [0, 0, 0, 0, 0, 0],
  ],
  labels: [0, 5, -1],
};

interface Mined {
  readonly comparison: NaiveComparison;
  readonly pairs: NaivePairs;
  /** Nearness of each triplet to positive and negative, by anchor and value. */
  readonly triplets: string[];
}

/** What the engine chooses, and the nearness that it chose by. */
async function mine(
  miner: Miner,
  batch: LossBatch,
  distance: DistanceName,
  { remembered, noise = {} }: { remembered?: MemoryValues; noise?: Record<string, number[]> } = {},
): Promise<Mined> {
  const graph = new BatchGraph(batch, remembered);
  const compared = compare(graph.batch, distance);
  const [rows, columns] = compared.nearness.shape as [number, number];
  const pairs = miner.pairs(compared);
  const { positive, negative, weight } = miner.triplets(compared);
  const shape = weight.shape as number[];
  const values = await graph.evaluate(
    [
      compared.nearness,
      pairs.positives,
      pairs.negatives,
      broadcastTo(positive, shape),
      broadcastTo(negative, shape),
      add(weight, weight),
    ],
    noise,
  );
  const [nearness, positives, negatives, ofPositive, ofNegative, weights] = values;
  const marked = (mask: readonly number[]) =>
    mask.flatMap((value, i): [number, number][] => {
      expect([0, 1]).toContain(value);
      return value === 1 ? [[Math.floor(i / columns), i % columns]] : [];
    });
  const perAnchor = weights.length / rows;
  return {
    comparison: {
      nearness: Array.from({ length: rows }, (_, i) => nearness.slice(i * columns, (i + 1) * columns)),
      anchorLabels: batch.labels,
      referenceLabels: [...batch.labels, ...(remembered?.labels ?? [])],
    },
    pairs: { positives: marked(positives), negatives: marked(negatives) },
    triplets: weights
      .flatMap((twice, i) =>
        twice === 2 ? [`${Math.floor(i / perAnchor)}: ${ofPositive[i]} ${ofNegative[i]}`] : [],
      )
      .sort(),
  };
}

const written = ({ nearness }: NaiveComparison, triplets: readonly NaiveTriplet[]) =>
  triplets.map(([a, p, n]) => `${a}: ${nearness[a][p]} ${nearness[a][n]}`).sort();

const deterministic: [name: string, miner: Miner, choose: (comparison: NaiveComparison) => NaivePairs][] = [
  ['batchAll', batchAll(), naiveAllPairs],
  ['batchHard', batchHard(), naiveHardPairs],
  ['batchSemiHard', batchSemiHard(), (comparison) => pairsOf(naiveSemiHardTriplets(comparison))],
  ['multiSimilarityMiner', multiSimilarityMiner(), (comparison) => naiveMultiSimilarPairs(comparison, 0.1)],
];
const tripletsBy: Record<string, (comparison: NaiveComparison, pairs: NaivePairs) => NaiveTriplet[]> = {
  batchAll: tripletsOf,
  // One for each anchor, whatever number of ties there is.
  batchHard: (comparison, pairs) =>
    tripletsOf(comparison, pairs).filter(
      ([anchor], i, all) => all.findIndex(([other]) => other === anchor) === i,
    ),
  batchSemiHard: naiveSemiHardTriplets,
  multiSimilarityMiner: tripletsOf,
};
const measures: DistanceName[] = ['cosine', 'dot', 'squared-euclidean'];

describe.each(deterministic)('%s', (name, miner, choose) => {
  describe.each(measures)('by %s', (distance) => {
    it.each(Object.entries(lossBatches))('chooses what a plain loop does: %s', async (_, batch) => {
      const { comparison, pairs, triplets } = await mine(miner, batch, distance);
      const expected = choose(comparison);
      expect(sorted(pairs)).toEqual(sorted(expected));
      expect(triplets).toEqual(written(comparison, tripletsBy[name](comparison, expected)));
    });

    it('chooses from what is remembered as well', async () => {
      const batch = lossBatches['random, four images of each of six classes'];
      const { comparison, pairs } = await mine(miner, batch, distance, { remembered: memory });
      expect(comparison.nearness[0]).toHaveLength(batch.labels.length + 3);
      expect(sorted(pairs)).toEqual(sorted(choose(comparison)));
    });
  });
});

describe('distanceWeighted', () => {
  const name = 'noise:distance-weighted';
  const draws = (batch: LossBatch, stream: number) => {
    const random = Random.of(stream, 'draws');
    return { [name]: Array.from({ length: batch.labels.length ** 2 }, () => random.uniform()) };
  };

  it.each(Object.entries(lossBatches))('draws by the share that a plain loop gives: %s', async (_, batch) => {
    const noise = draws(batch, 1);
    const miner = distanceWeighted({ cutOff: 0.6, furthest: 1.5 });
    const { comparison, pairs, triplets } = await mine(miner, batch, 'cosine', { noise });
    const dimension = batch.vectors[0].length;
    const chances = naiveDrawProbabilities(comparison, dimension, 0.6, 1.5, (s) => 2 - 2 * s);
    const expected = naiveAllPairs(comparison).positives.flatMap(([a, p]): NaiveTriplet[] => {
      let left = noise[name][a * batch.labels.length + p];
      const n = chances[a].findIndex((chance) => {
        left -= chance;
        return left < 0;
      });
      return n < 0 ? [] : [[a, p, n]];
    });
    expect(triplets).toEqual(written(comparison, expected));
    expect(sorted(pairs)).toEqual(sorted(pairsOf(expected)));
  });

  it('draws each negative as often as its distance is rare', async () => {
    const batch = lossBatches['random, four images of each of six classes'];
    const counts = new Map<string, number>();
    let chances: number[][] = [];
    const rounds = 40;
    for (let round = 0; round < rounds; round++) {
      const noise = draws(batch, round);
      const { comparison, triplets } = await mine(distanceWeighted(), batch, 'cosine', { noise });
      chances = naiveDrawProbabilities(comparison, 6, 0.5, 1.4, (s) => 2 - 2 * s);
      for (const triplet of triplets) {
        if (!triplet.startsWith('0: ')) continue;
        const nearness = Number(triplet.split(' ')[2]);
        const key = String(comparison.nearness[0].indexOf(nearness));
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }
    }
    const total = rounds * 3;
    for (const [column, chance] of chances[0].entries()) {
      const deviation = Math.sqrt(total * chance * (1 - chance));
      expect(Math.abs((counts.get(String(column)) ?? 0) - total * chance)).toBeLessThanOrEqual(5 * deviation);
    }
  });
});

const sorted = ({ positives, negatives }: NaivePairs) => ({
  positives: positives.map((pair) => pair.join()).sort(),
  negatives: negatives.map((pair) => pair.join()).sort(),
});
