import { ImagekinError } from '../../core/errors.js';
import type { OnProgress } from '../../core/progress.js';
import type { LabelledEmbeddings } from '../labelled-embeddings.js';
import type { Calibration, CalibrationHalf, CalibrationThreshold } from './calibration.js';
import { calibrationFigures } from './calibration-figures.js';
import { chooseMethod, fitMap } from './choose-method.js';
import { type HalvedBy, selectEmbeddings, splitInHalves } from './halves.js';
import { type DrawOptions, neighbourPairs } from './neighbour-pairs.js';
import { type CalibrationMethod, type ProbabilityMap, probabilityOf } from './probability-map.js';
import { randomPairs } from './random-pairs.js';
import { baseRate, type PairPopulation, type ScoredPairs, sameCount } from './scored-pairs.js';
import { assuredThreshold, figuresAt, highestPrecision, holds, type ThresholdTarget } from './thresholds.js';
import {
  shareFrom,
  type UnknownClassScores,
  unknownClassFigures,
  unknownClassScores,
} from './unknown-classes.js';

export interface CalibrationRequest {
  /** Best of images that the model was not trained on. */
  readonly set: LabelledEmbeddings;
  readonly dimension: number;
  /** Default: each image with its 10 nearest others, as a search shows them. */
  readonly population?: PairPopulation;
  /** Default `auto`: isotonic, unless that is clearly worse in cross-validation. */
  readonly method?: CalibrationMethod | 'auto';
  /** Default: by classes where at least 40 have two images, else by images. */
  readonly halvedBy?: HalvedBy;
  /** Default: a precision of 0.9, and of 0.95. */
  readonly targets?: readonly ThresholdTarget[];
  /** Bins of the calibration error. Default 15. */
  readonly bins?: number;
  /** Share of the classes withheld to see whether they are told from known ones. Default 0.3. */
  readonly withheldShare?: number;
  /** Of the intervals. Default 1000. */
  readonly resamples?: number;
  /** Default 0. */
  readonly seed?: number;
  readonly threads?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
}

export const defaultPopulation: PairPopulation = { kind: 'neighbours', k: 10 };
export const defaultTargets: readonly ThresholdTarget[] = [
  { figure: 'precision', value: 0.9 },
  { figure: 'precision', value: 0.95 },
];
/** Of each kind, in each half. Fewer say nothing about a curve. */
const fewestPairs = 10;

/**
 * Learns what scores mean from one half of a labelled set, and measures it on the other: map, thresholds and method come
 * of the first half alone, every figure of `heldOut` of the second.
 *
 * A probability is that of the population it was fitted on. With `neighbours` (the default) it answers what somebody who
 * searches asks of a hit: given its score, is it of my query's class? With `random` it is about any two images. Neither
 * need hold for the other: that a pair of some score is among the nearest, or is not, says something by itself.
 *
 * @throws ImagekinError `too-few-images` where a half has fewer than 10 pairs of either kind; `shape-mismatch` where vectors
 *   and labels differ in number; `training-diverged` where a vector is not finite
 */
export async function calibrateEmbeddings(request: CalibrationRequest): Promise<Calibration> {
  const { set, dimension, population = defaultPopulation, method = 'auto', seed = 0 } = request;
  const { targets = defaultTargets, bins, withheldShare, resamples, threads, signal, onProgress } = request;
  check(set, dimension);
  const halves = splitInHalves(set.labels, { by: request.halvedBy, seed });
  const draw = { dimension, clusterBy: halves.by, seed, threads, signal, onProgress };
  const [fitSet, heldOutSet] = [halves.fit, halves.heldOut].map((half) =>
    selectEmbeddings(set, half, dimension),
  );
  const fitPairs = await drawPairs(fitSet, population, draw);
  const heldOutPairs = await drawPairs(heldOutSet, population, draw);
  for (const pairs of [fitPairs, heldOutPairs]) requireBothKinds(pairs, population);

  const choice = method === 'auto' ? chooseMethod(fitPairs, { seed }) : { method, logLoss: null };
  const map = fitMap(choice.method, fitPairs);
  const unknown = await unknownClassScores(heldOutSet, { dimension, withheldShare, seed, threads, signal });
  signal?.throwIfAborted();
  return {
    map,
    population,
    halvedBy: halves.by,
    seed,
    methodLogLoss: choice.logLoss,
    fit: describeHalf(fitSet, fitPairs),
    heldOut: {
      ...describeHalf(heldOutSet, heldOutPairs),
      ...calibrationFigures(map, heldOutPairs, { bins }),
    },
    highestPrecision: highestPrecision(fitPairs),
    thresholds: targets.map((target) =>
      measuredThreshold(target, { map, fitPairs, heldOutPairs, unknown, resamples, seed }),
    ),
    unknownClasses: unknown && unknownClassFigures(unknown),
  };
}

async function drawPairs(set: LabelledEmbeddings, population: PairPopulation, options: DrawOptions) {
  return population.kind === 'random'
    ? randomPairs(set, options)
    : neighbourPairs(set, { ...options, k: population.k });
}

function describeHalf({ labels }: LabelledEmbeddings, pairs: ScoredPairs): CalibrationHalf {
  return {
    images: labels.length,
    classes: new Set(labels).size,
    pairs: pairs.scores.length,
    samePairs: sameCount(pairs),
    baseRate: baseRate(pairs),
  };
}

interface Measured {
  readonly map: ProbabilityMap;
  readonly fitPairs: ScoredPairs;
  readonly heldOutPairs: ScoredPairs;
  readonly unknown: UnknownClassScores | null;
  readonly resamples?: number;
  readonly seed: number;
}

function measuredThreshold(target: ThresholdTarget, on: Measured): CalibrationThreshold {
  const assured = assuredThreshold(target, on.fitPairs, on);
  if (assured === null)
    return {
      target,
      score: null,
      probability: null,
      fit: null,
      heldOut: null,
      holds: null,
      knownQueriesAccepted: null,
      unknownQueriesAccepted: null,
    };
  const { score, figures } = assured;
  const heldOut = figuresAt(score, on.heldOutPairs, on);
  return {
    target,
    score,
    probability: probabilityOf(on.map, score),
    fit: figures,
    heldOut,
    holds: holds(target, heldOut),
    knownQueriesAccepted: on.unknown && shareFrom(on.unknown.known, score),
    unknownQueriesAccepted: on.unknown && shareFrom(on.unknown.unknown, score),
  };
}

function check({ embeddings, labels }: LabelledEmbeddings, dimension: number): void {
  if (embeddings.length !== labels.length * dimension)
    throw new ImagekinError('shape-mismatch', {
      where: 'calibration',
      expected: `embeddings [${labels.length}, ${dimension}] for ${labels.length} labels`,
      got: `${embeddings.length} values`,
      fix: 'embed the images the labels belong to, with the model of that dimension',
    });
  if (!embeddings.every(Number.isFinite))
    throw new ImagekinError('training-diverged', {
      where: 'calibration',
      expected: 'finite embeddings',
      got: 'NaN or infinity',
      fix: 'train the model again with a lower learning rate',
    });
}

function requireBothKinds(pairs: ScoredPairs, population: PairPopulation): void {
  const same = sameCount(pairs);
  const different = pairs.scores.length - same;
  if (Math.min(same, different) >= fewestPairs) return;
  const perfect = population.kind === 'neighbours' && same > different;
  throw new ImagekinError('too-few-images', {
    where: 'calibration',
    expected: `in each half of the images at least ${fewestPairs} pairs of one class and ${fewestPairs} of different classes`,
    got: `${same} and ${different}`,
    fix: perfect
      ? 'take more neighbours (-k 50) or --pairs random, as nearly all of these neighbours are right'
      : 'calibrate on more images, with several of each class',
  });
}
