// @ts-check
/**
 * What preparing the batches of a recipe (sampling, pixels, augmentation) costs its training steps: steps on batches that
 * are there already, against steps on those of the stream that training uses. Images are noise in memory, so that
 * reading files stands outside.
 */
import os from 'node:os';
import { BatchStream } from '../dist/learning/batches/batch-stream.js';
import { prepareBatch } from '../dist/learning/batches/prepare-batch.js';
import { trainingPixelSize } from '../dist/learning/batches/training-pixel-size.js';
import { recipes } from '../dist/learning/recipes/index.js';
import { flagValues, oneOf, wholeNumber } from './flags.js';
import { stepRunner } from './ours/step-runner.js';
import { syntheticImages } from './ours/synthetic-images.js';
import { median, range } from './side-by-side.js';
import { classCount } from './train-cases.js';

export const name = 'pipeline';
export const summary = 'what preparing batches costs the training steps of a recipe';
export const usage = '[--json] [--recipe accurate] [--runs 5] [--steps 4] [--threads CORES] [--workers N]';

const [seed, imageCount, learningRate] = [0, 10_000, 1e-3];

/** @param {string[]} args */
export async function run(args) {
  const { recipe, runs, steps, threads, workers } = parse(args);
  const images = syntheticImages(imageCount, recipe.network.inputSize, classCount);
  const sampler = recipe.sampler.prepare(images, seed);
  const { batchSize } = sampler;
  const options = { batchSize, threads, classCount, learningRate };
  const { stepsPerRun, run: takeSteps } = await stepRunner(recipe, options);

  // One that goes on beyond the steps taken here: batches prepared ahead cost as much at the end as before.
  const stream = BatchStream.open({
    recipe,
    images,
    sampler,
    seed,
    totalSteps: Infinity,
    stepsPerRun,
    workers,
  });
  const { network, augmentation, classAugmentation } = recipe;
  const sourceSize = trainingPixelSize(recipe, images.nativeSize);
  const preparation = { seed, sourceSize, inputSize: network.inputSize, augmentation, classAugmentation };
  const prepare = async (/** @type {number} */ i) => {
    const chosen = sampler.batch(i);
    prepareBatch(preparation, i, chosen, await images.pixels(chosen.indices, sourceSize));
  };

  /** @type {Record<'ready' | 'streamed' | 'prepared', number[]>} milliseconds of a step or batch */
  const times = { ready: [], streamed: [], prepared: [] };
  const stepsOfTiming = Math.ceil(steps / stepsPerRun) * stepsPerRun;
  let batch = 0;
  const timed = async (/** @type {(batches: number[]) => Promise<unknown>} */ act) => {
    const start = performance.now();
    for (let i = 0; i < stepsOfTiming; i += stepsPerRun)
      await act(Array.from({ length: stepsPerRun }, (_, at) => batch + i + at));
    return (performance.now() - start) / stepsOfTiming;
  };
  const inTurn = async (/** @type {number[]} */ numbers, /** @type {(i: number) => Promise<any>} */ act) => {
    const all = [];
    for (const number of numbers) all.push(await act(number));
    return all;
  };
  try {
    for (let run = 0; run <= runs; run++, batch += stepsOfTiming) {
      const ready = await timed(() => takeSteps());
      const streamed = await timed(async (numbers) =>
        takeSteps(await inTurn(numbers, (i) => stream.take(i))),
      );
      const prepared = await timed((numbers) => inTurn(numbers, prepare));
      const title = run === 0 ? 'warm-up' : `run ${run} of ${runs}`;
      console.error(
        `${title}: step ${ready.toFixed(1)} ms, with preparation ${streamed.toFixed(1)} ms, ` +
          `preparation alone ${prepared.toFixed(1)} ms`,
      );
      if (run === 0) continue;
      times.ready.push(ready);
      times.streamed.push(streamed);
      times.prepared.push(prepared);
    }
  } finally {
    await stream.close();
  }

  const of = `${recipe.name}, batch of ${batchSize}`;
  const [ready, streamed, prepared] = [times.ready, times.streamed, times.prepared].map(median);
  return {
    cases: [
      ownCase(`${of}: training step on batches that are ready`, times.ready),
      ownCase(`${of}: training step, batches prepared meanwhile`, times.streamed),
      ownCase(`${of}: preparing a batch in one thread, alone`, times.prepared),
    ],
    /** How much longer steps take because batches are prepared meanwhile. */
    share: streamed / ready - 1,
    /** Preparation in one thread, with nothing else to do, as a share of the step. */
    shareAlone: prepared / ready,
  };
}

/** @param {Awaited<ReturnType<typeof run>>} report */
export function print({ cases, share, shareAlone }) {
  for (const { name, ours, spread } of cases)
    console.log(
      `${name}: ${ours.toFixed(1)} ms (${spread.ours.min.toFixed(1)}-${spread.ours.max.toFixed(1)})`,
    );
  const percent = (/** @type {number} */ part) => `${(100 * part).toFixed(1)} %`;
  console.log(
    `preparation costs the step ${percent(share)}; in one thread, alone, it takes ${percent(shareAlone)} of its time`,
  );
}

/**
 * @param {string} name
 * @param {number[]} values
 * @returns {import('./main.js').Case}
 */
function ownCase(name, values) {
  const spread = { ours: range(values), peer: null };
  return { name, unit: 'ms', ours: median(values), peer: null, peerName: null, ratio: null, spread };
}

/** @param {string[]} args */
function parse(args) {
  const values = flagValues(name, args, {
    recipe: 'accurate',
    runs: '5',
    steps: '4',
    threads: `${os.availableParallelism()}`,
    workers: undefined,
  });
  const number = (/** @type {string} */ flag) => wholeNumber(name, flag, values[flag]);
  return {
    recipe: recipes[oneOf(name, 'recipe', values.recipe, Object.keys(recipes))],
    runs: number('runs'),
    steps: number('steps'),
    threads: number('threads'),
    workers: values.workers === undefined ? undefined : number('workers'),
  };
}
