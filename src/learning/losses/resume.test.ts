import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../../../test/fixtures/temporary-directory.js';
import { tinyImages } from '../../../test/fixtures/tiny-images.js';
import { tinyRecipe } from '../../../test/fixtures/tiny-recipe.js';
import { distanceWeighted } from '../miners/index.js';
import { classBalanced, shuffled } from '../samplers/index.js';
import { type TrainingOutcome, trainEmbedding } from '../train-embedding.js';
import {
  arcFace,
  circle,
  contrastive,
  cosFace,
  type Loss,
  multiSimilarity,
  normalizedSoftmax,
  ntXent,
  pairSoftmax,
  proxyAnchor,
  proxyNca,
  smoothAp,
  softNearestNeighbour,
  supCon,
  triplet,
  withMemory,
} from './index.js';

const pairs = classBalanced({ imagesPerClass: 2, classesPerBatch: 3 });
const any = shuffled({ batchSize: 7 });
const memory = { size: 10, startStep: 2 };

const cases: [name: string, loss: Loss, sampler: typeof pairs][] = [
  ['pair softmax', pairSoftmax({ temperature: 0.2 }), pairs],
  ['nt-xent', ntXent(), pairs],
  ['sup-con', supCon(), pairs],
  ['soft nearest neighbours', softNearestNeighbour(), any],
  ['triplets, drawn by distance', triplet({ miner: distanceWeighted() }), pairs],
  ['contrastive', contrastive(), pairs],
  ['multi-similarity', multiSimilarity(), pairs],
  ['circle', circle(), pairs],
  ['smooth-ap', smoothAp(), pairs],
  ['normalized softmax', normalizedSoftmax({ temperature: 0.1 }), any],
  ['arc-face', arcFace(), any],
  ['cos-face', cosFace(), any],
  ['proxy-anchor', proxyAnchor(), any],
  ['proxy-nca', proxyNca(), any],
  ['contrastive with a memory', withMemory(contrastive(), memory), pairs],
  ['multi-similarity with a memory', withMemory(multiSimilarity(), memory), any],
  [
    'triplets, drawn by distance, with a memory',
    withMemory(triplet({ miner: distanceWeighted() }), memory),
    pairs,
  ],
];

describe('N + M epochs are N, a kill, and M', () => {
  it.each(cases)('%s', async (_, loss, sampler) => {
    const directory = await temporaryDirectory();
    const request = (name: string) => ({
      recipe: tinyRecipe({ loss, sampler, epochs: 4 }),
      images: tinyImages({ classes: 5, perClass: 4 }),
      seed: 3,
      checkpointPath: join(directory, name),
      threads: 1,
      mostStepsPerRun: 1,
      workers: 0,
    });
    const whole = await trainEmbedding(request('whole'));

    // Two epochs are kept; the step of the third that was under way is lost.
    let steps = 0;
    const onProgress = ({ task }: { task: string }) => {
      if (task === 'training' && ++steps === 10) throw new Error('killed');
    };
    await expect(trainEmbedding({ ...request('killed'), onProgress })).rejects.toThrow('killed');
    const resumed = await trainEmbedding({ ...request('killed'), resume: true });

    expect(resumed.finished).toBe(true);
    // States hold the memory; parameters the proxies.
    expect(resumed.trained.parameters).toEqual(whole.trained.parameters);
    expect(resumed.trained.states).toEqual(whole.trained.states);
    const losses = ({ record }: TrainingOutcome) => record.epochs.map((epoch) => epoch.loss);
    expect(losses(resumed)).toEqual(losses(whole));
  });
});
