// @ts-check
/**
 * What each loss is worth: the same network on the same images for the same number of steps, then near neighbours among
 * images that were not trained on; for CIFAR-10 of the same classes, for emoji of others. Every loss has the defaults that
 * ship. There is no peer.
 *
 * What is finished stays in `--dir`, so that a run that was stopped goes on.
 */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import {
  Embedder,
  embedImages,
  evaluateEmbeddings,
  losses,
  models,
  openImages,
  optimizers,
  recipes,
  samplers,
  schedules,
  train,
} from '../dist/index.js';
import { flagValues, wholeNumber } from './flags.js';
import { printTable } from './table.js';

export const name = 'losses';
export const summary = 'near neighbours that each loss brings, by source and seed';
export const usage =
  '[--json] [--dir bench-losses] [--sources cifar10,emoji] [--losses all] [--seeds 3] [--epochs 5]';

/** Losses by name, as they come without options. */
const contestants = {
  'normalized softmax': losses.normalizedSoftmax(),
  'sup-con': losses.supCon(),
  'soft nearest neighbours': losses.softNearestNeighbour(),
  'multi-similarity': losses.multiSimilarity(),
  'triplet (semi-hard)': losses.triplet(),
  contrastive: losses.contrastive(),
  'arc-face': losses.arcFace(),
  'proxy-anchor': losses.proxyAnchor(),
  'smooth-ap': losses.smoothAp(),
  circle: losses.circle(),
  'nt-xent': losses.ntXent(),
  'cos-face': losses.cosFace(),
  'proxy-nca': losses.proxyNca(),
};

/** @type {Record<string, { sampler: import('../dist/index.js').samplers.SamplerPlan, recipe: import('../dist/index.js').Recipe }>} */
const sources = {
  cifar10: { sampler: samplers.classBalanced({ imagesPerClass: 12 }), recipe: recipes.fast },
  emoji: {
    sampler: samplers.classBalanced({ classesPerBatch: 30, imagesPerClass: 4 }),
    recipe: recipes.emoji,
  },
};

const batchesPerEpoch = 100;

/**
 * @typedef {{ loss: string, source: string, seed: number, epochs: number, precisionAt1: number, mapAtR: number, seconds: number }} Result
 * @param {string[]} args
 */
export async function run(args) {
  const values = flagValues(name, args, {
    dir: 'bench-losses',
    sources: Object.keys(sources).join(),
    losses: undefined,
    seeds: '3',
    epochs: '5',
  });
  const dir = /** @type {string} */ (values.dir);
  const seeds = wholeNumber(name, 'seeds', values.seeds);
  const epochs = wholeNumber(name, 'epochs', values.epochs);
  await mkdir(dir, { recursive: true });
  const wanted = values.losses?.split(',') ?? Object.keys(contestants);
  /** @type {Result[]} */
  const results = [];
  for (const loss of wanted)
    for (const source of /** @type {string} */ (values.sources).split(','))
      for (let seed = 0; seed < seeds; seed++)
        results.push(await result({ dir, loss, source, seed, epochs }));
  return { cases: [], results };
}

/**
 * @param {{ dir: string, loss: string, source: string, seed: number, epochs: number }} options
 * @returns {Promise<Result>}
 */
async function result({ dir, loss, source, seed, epochs }) {
  const file = path.join(dir, `${loss} ${source} ${seed} ${epochs}.json`);
  const known = await readFile(file, 'utf8').catch(() => undefined);
  if (known) return JSON.parse(known);
  const { sampler, recipe } = sources[source];
  const out = path.join(dir, 'model.onnx');
  const chosen = contestants[/** @type {keyof typeof contestants} */ (loss)];
  const plan = {
    ...recipe,
    name: `losses-${loss}`,
    network: models.convNet({
      inputSize: { width: 32, height: 32 },
      dimension: 64,
      layers: [
        { width: 32, stride: 2 },
        { width: 64, stride: 2 },
        { width: 128, stride: 2 },
      ],
    }),
    sampler,
    loss: chosen,
    optimizer: optimizers.adam({ beta2: 0.99, epsilon: 1e-8 }),
    schedule: schedules.triangular({ peak: 2e-3, warmUp: 0.15 }),
    // Proxies learn ten times as fast as the network; losses that compare images have none.
    parameterRates: chosen.comparesImages ? undefined : { 'loss.proxies': 10 },
    epochs,
    batchesPerEpoch,
  };
  const start = performance.now();
  const trained = await train({ source, out, seed, overwrite: true, recipe: plan });
  const seconds = (performance.now() - start) / 1000;
  if (!trained.finished) throw new Error(`${loss} on ${source} was stopped`);
  const { precisionAt1, mapAtR } = await measured(out, source);
  const found = { loss, source, seed, epochs, precisionAt1, mapAtR, seconds };
  await writeFile(file, JSON.stringify(found));
  await rm(out);
  console.error(
    `${loss}, ${source}, seed ${seed}: precision@1 ${precisionAt1.toFixed(3)}, MAP@R ${mapAtR.toFixed(3)}, ${seconds.toFixed(0)} s`,
  );
  return found;
}

/**
 * Near neighbours among the test images. Of the training images nothing is asked, so that they are not embedded.
 * @param {string} model
 * @param {string} source
 */
async function measured(model, source) {
  const embedder = await Embedder.open(model);
  try {
    const images = await openImages(source, { split: 'test' });
    const { labels, classNames } = images;
    const embeddings = await embedImages(embedder, images);
    return await evaluateEmbeddings({
      test: { embeddings, labels, classNames },
      dimension: embedder.dimension,
    });
  } finally {
    await embedder.release();
  }
}

/** @param {{ results: Result[] }} report */
export function print({ results }) {
  const names = [...new Set(results.map(({ loss }) => loss))];
  const columns = [...new Set(results.map(({ source }) => source))];
  const rows = names.map((loss) => [
    loss,
    ...columns.flatMap((source) => {
      const of = results.filter((result) => result.loss === loss && result.source === source);
      return [of.map((r) => r.precisionAt1), of.map((r) => r.mapAtR), of.map((r) => r.seconds)].map(
        (numbers, i) =>
          i < 2 ? spread(numbers) : `${(numbers.reduce((a, b) => a + b, 0) / numbers.length).toFixed(0)} s`,
      );
    }),
  ]);
  printTable(['loss', ...columns.flatMap((source) => [`${source} precision@1`, 'MAP@R', 'training'])], rows);
}

/** Mean and standard deviation (n − 1). @param {number[]} numbers */
function spread(numbers) {
  const mean = numbers.reduce((a, b) => a + b, 0) / numbers.length;
  const variance =
    numbers.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, numbers.length - 1);
  return `${mean.toFixed(3)} ± ${Math.sqrt(variance).toFixed(3)}`;
}
