import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { tinyImages } from '../../test/fixtures/tiny-images.js';
import { tinyNetwork, tinyRecipe } from '../../test/fixtures/tiny-recipe.js';
import {
  add,
  cast,
  constant,
  type Lowerings,
  l2Normalize,
  maxPool,
  mean,
  multiply,
  relu,
  transpose,
} from '../engine/index.js';
import { tuningFormat, tuningPath } from '../engine/tuning/tuning-file.js';
import { convolution } from './layers/convolution.js';
import { dense } from './layers/dense.js';
import type { Network } from './network.js';
import { trainEmbedding } from './train-embedding.js';
import { type StepInput, TrainingStep } from './training-step.js';

const steps = 200;
const batchSize = 6;
const images = tinyImages({ classes: 3, perClass: 2 });
const pixels = await images.pixels([0, 1, 2, 3, 4, 5], { width: 8, height: 8 });
const options = { batchSize, seed: 3, classCount: 3, threads: 2 };

/** A network that makes every choice that there is: pooling, activation, both gradients of a convolution. */
const network: Network = {
  ...tinyNetwork({ layout: 'NCHW' }),
  build(pixels, context) {
    const scaled = add(multiply(cast(pixels, 'float32'), constant(2 / 255)), constant(-1));
    let x = transpose(scaled, [0, 3, 1, 2]);
    x = relu(convolution(context, 'first', x, { width: 6, padding: 1 }));
    x = maxPool(x, { layout: 'NCHW', size: 2 });
    x = relu(convolution(context, 'second', x, { width: 8, padding: 1 }));
    return l2Normalize(dense(context, 'embedding', mean(x, { axes: [2, 3] }), { width: 4 }));
  },
};
const recipe = tinyRecipe({ network });

/** Trains from the start. Which lowerings it takes is what the machine remembers, unless it is told. */
async function train({ lowerings, stepsPerRun = 10 }: { lowerings?: Lowerings; stepsPerRun?: number } = {}) {
  const step = await TrainingStep.compile(recipe, { ...options, lowerings, pauses: [stepsPerRun] });
  try {
    expect(step.stepsPerRun).toBe(stepsPerRun);
    let state = step.initialState();
    const batch = { input: pixels, labels: images.labels, learningRate: 0.01 };
    const batches = new Array<StepInput>(stepsPerRun).fill(batch);
    while (state.step < steps) ({ state } = await step.run(state, batches));
    return { parameters: state.parameters, lowerings: step.lowerings };
  } finally {
    await step.release();
  }
}

let home: string;
let candidates: Record<string, string[]>;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'imagekin-test-'));
  vi.stubEnv('IMAGEKIN_HOME', home);
  vi.stubEnv('IMAGEKIN_TUNING', 'on');
  await (await TrainingStep.compile(recipe, options)).release();
  const { milliseconds } = JSON.parse(await readFile(tuningPath(options), 'utf8'));
  candidates = Object.fromEntries(
    Object.entries<object>(milliseconds).map(([key, times]) => [key, Object.keys(times)]),
  );
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(home, { recursive: true, force: true });
});

/** Has the machine remember the `i`th lowering of every choice as the fastest. */
async function remember(i: number): Promise<void> {
  const path = tuningPath(options);
  await mkdir(dirname(path), { recursive: true });
  const milliseconds = Object.fromEntries(
    Object.entries(candidates).map(([key, names]) => [
      key,
      Object.fromEntries(names.map((name, n) => [name, n === i % names.length ? 1 : 100])),
    ]),
  );
  await writeFile(path, JSON.stringify({ format: tuningFormat, milliseconds }));
}

describe('training', () => {
  it('has choices of several kinds', () => {
    const operations = new Set(Object.keys(candidates).map((key) => key.split(' ')[0]));
    expect(operations).toEqual(new Set(['step', 'maxUnpool', 'conv2dInputGradient', 'conv2dWeightGradient']));
  });

  it.each([0, 1, 2, 3])(
    'ends in the same weights to the bit, whatever lowerings are remembered (%i)',
    async (i) => {
      await remember(i);
      const [first, second] = [await train(), await train()];
      expect(await train({ stepsPerRun: 1 })).toEqual(first);
      for (const [key, names] of Object.entries(candidates)) {
        expect(first.lowerings[key]).toBe(names[i % names.length]);
      }
      expect(second).toEqual(first);
      expect(first.parameters.every(Number.isFinite)).toBe(true);
    },
  );

  it('goes on with the lowerings that a run was started with, whatever is remembered since', async () => {
    const run = async (path: string, stopAt?: number) => {
      const stop = new AbortController();
      const { trained, finished } = await trainEmbedding({
        recipe,
        images,
        seed: 3,
        threads: 2,
        checkpointPath: join(home, path),
        resume: true,
        signal: stop.signal,
        onProgress: ({ done }) => {
          if (done === stopAt) stop.abort();
        },
      });
      expect(finished).toBe(stopAt === undefined);
      return trained.parameters;
    };
    await remember(0);
    const whole = await run('whole');
    await run('stopped', 8 * batchSize);
    await remember(1);
    expect(await run('stopped')).toEqual(whole);
    expect(await run('anew')).not.toEqual(whole);
  });

  it('ends in the weights of the lowerings that it is told, whatever is remembered since', async () => {
    await remember(0);
    const before = await train();
    await remember(1);
    expect(await train({ lowerings: before.lowerings })).toEqual(before);
    // Other lowerings add up in another order: were the weights equal anyway, this test would show nothing.
    expect((await train()).parameters).not.toEqual(before.parameters);
  });
});
