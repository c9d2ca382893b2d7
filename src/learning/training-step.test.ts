import { afterAll, describe, expect, it } from 'vitest';
import { tinyImages } from '../../test/fixtures/tiny-images.js';
import { tinyNetwork, tinyRecipe } from '../../test/fixtures/tiny-recipe.js';
import { expectClose } from '../../test/oracle/expect-close.js';
import { interpret } from '../../test/oracle/interpreter.js';
import { naiveArray } from '../../test/oracle/naive-array.js';
import { parameterValues } from '../../test/oracle/parameter-values.js';
import { Random } from '../core/random.js';
import {
  add,
  cast,
  constant,
  elementCount,
  gradients,
  greater,
  input,
  l2Normalize,
} from '../engine/index.js';
import { buildEmbeddingGraph } from './embedding-graph.js';
import { zeros } from './initializers.js';
import { multiSimilarity, pairSoftmax, softNearestNeighbour, withMemory } from './losses/index.js';
import type { Network } from './network.js';
import { adam, adamW, muon, sgd } from './optimizers/index.js';
import type { Recipe } from './recipes/recipe.js';
import { type StepOutcome, type TrainingState, TrainingStep } from './training-step.js';

const float32 = 1e-5;
const batchSize = 6;
const seed = 5;
const classCount = 3;
const images = tinyImages({ classes: 3, perClass: 2 });
const labels = images.labels;
const pixels = await images.pixels([0, 1, 2, 3, 4, 5], { width: 8, height: 8 });

const open: TrainingStep[] = [];
async function compile(
  changes: Partial<Recipe>,
  pauses?: readonly number[],
): Promise<{ recipe: Recipe; step: TrainingStep }> {
  const recipe = tinyRecipe(changes);
  const step = await TrainingStep.compile(recipe, { batchSize, seed, classCount, pauses, threads: 1 });
  open.push(step);
  return { recipe, step };
}
afterAll(async () => {
  for (const step of open) await step.release();
});

/** Takes one step of a program of one. */
async function takeStep(step: TrainingStep, from: TrainingState, input: Uint8Array, learningRate: number) {
  const { state, outcomes } = await step.run(from, [{ input, labels, learningRate }]);
  return { state, ...outcomes[0] };
}

/** Loss, gradient, next states and embeddings of one step, by the oracle. */
function naiveStep(recipe: Recipe, parameters: Float32Array, states: Float32Array, stepNumber: number) {
  const graph = buildEmbeddingGraph(recipe.network, { training: true, batchSize });
  const loss = recipe.loss.build({
    embeddings: graph.embeddings,
    labels: input('labels', 'int64', [batchSize]),
    classCount,
    parameter: (name, shape, initializer) => graph.parameters.get(`loss.${name}`, shape, initializer),
    report: () => {},
    state: (name, shape, initializer) => graph.states.get(`loss.${name}`, shape, initializer),
    update: (state, next) => void graph.updates.set(state, next),
  });
  const name = 'noise:features';
  const noise = Random.of(seed, name, stepNumber);
  const features = graph.parameters.tensors.at(-2)!.shape[0] as number;
  const values = {
    images: naiveArray([batchSize, 8, 8, 3], pixels),
    labels: naiveArray([batchSize], labels),
    [name]: naiveArray(
      [batchSize, features],
      Array.from({ length: batchSize * features }, () => Math.fround(noise.uniform())),
    ),
    ...parameterValues(graph.parameters, parameters),
    ...parameterValues(graph.states, states),
  };
  const flat = (tensors: Parameters<typeof interpret>[0]) =>
    interpret(tensors, values).flatMap((array) => [...array.values]);
  return {
    loss: flat([loss])[0],
    gradient: flat(gradients(loss, graph.parameters.tensors)),
    states: flat(graph.states.tensors.map((state) => graph.updates.get(state)!)),
    embeddings: flat([graph.embeddings]),
  };
}

describe('TrainingStep', () => {
  it.each([
    ['pair softmax', pairSoftmax({ temperature: 0.2 })],
    ['soft nearest neighbours', softNearestNeighbour({ temperature: 0.1 })],
  ])(
    'takes the step of the oracle: loss, gradient, running statistics, dropped features (%s)',
    async (_, loss) => {
      const { recipe, step } = await compile({ loss, optimizer: sgd({ momentum: 0 }) });
      const before = step.initialState();
      const first = await takeStep(step, before, pixels, 0.5);
      const second = await takeStep(step, first.state, pixels, 0.25);
      for (const [result, from, rate] of [
        [first, before, 0.5],
        [second, first.state, 0.25],
      ] as const) {
        const naive = naiveStep(recipe, from.parameters, from.states, result.state.step);
        expect(result.loss).toBeCloseTo(naive.loss, 5);
        const moved = result.state.parameters.map((value, i) => from.parameters[i] - value);
        expectClose(
          'the way gone',
          moved,
          naive.gradient.map((value) => rate * value),
          1e-4,
        );
        expectClose('states', result.state.states, naive.states, float32);
        const mean = [0, 1, 2, 3].map(
          (d) =>
            naive.embeddings.filter((_, i) => i % 4 === d).reduce((sum, value) => sum + value, 0) / batchSize,
        );
        expect(result.statistics.meanCosine).toBeCloseTo(
          mean.reduce((sum, value) => sum + value ** 2, 0),
          5,
        );
      }
    },
  );

  it('starts at step 0 with slots of zeros and the first values of parameters and states', async () => {
    const { recipe, step } = await compile({ optimizer: adam() });
    const { step: number, parameters, states, slots } = step.initialState();
    const graph = buildEmbeddingGraph(recipe.network, { training: true, batchSize });
    expect(number).toBe(0);
    expect(parameters.length).toBe(graph.parameters.length);
    expect(parameterValues(graph.states, states)).toEqual({
      'norm.mean': naiveArray([6], new Array(6).fill(0)),
      'norm.variance': naiveArray([6], new Array(6).fill(1)),
    });
    expect(slots).toEqual([new Float32Array(parameters.length), new Float32Array(parameters.length)]);
  });

  it("hands on the optimizer's slots from step to step", async () => {
    const { recipe, step } = await compile({ optimizer: adam({ beta1: 0.8 }) });
    const before = step.initialState();
    const first = (await takeStep(step, before, pixels, 0.01)).state;
    const second = (await takeStep(step, first, pixels, 0.01)).state;
    const gradient1 = naiveStep(recipe, before.parameters, before.states, 1).gradient;
    const gradient2 = naiveStep(recipe, first.parameters, first.states, 2).gradient;
    expectClose('sum 1', first.slots[0], gradient1, 1e-4);
    expectClose(
      'sum 2',
      second.slots[0],
      gradient2.map((value, i) => 0.8 * gradient1[i] + value),
      1e-4,
    );
  });

  it('lets weights decay, but neither biases nor scales and offsets', async () => {
    const next = async (weightDecay: number) => {
      const { recipe, step } = await compile({ optimizer: adamW({ weightDecay }) });
      const from = step.initialState();
      const { state } = await takeStep(step, from, pixels, 0.1);
      const { parameters } = buildEmbeddingGraph(recipe.network, { training: true, batchSize });
      return {
        from: parameterValues(parameters, from.parameters),
        to: parameterValues(parameters, state.parameters),
      };
    };
    const [plain, decaying] = [await next(0), await next(0.5)];
    for (const name of ['conv.bias', 'norm.scale', 'norm.offset', 'embedding.bias'])
      expect(decaying.to[name], name).toEqual(plain.to[name]);
    for (const name of ['conv.weights', 'embedding.weights'])
      expectClose(
        name,
        plain.to[name].values.map((value, i) => value - decaying.to[name].values[i]),
        plain.from[name].values.map((value) => 0.1 * 0.5 * value),
        1e-5,
      );
  });

  it('moves parameters by their own multiples of the learning rate', async () => {
    const { recipe, step } = await compile({
      optimizer: sgd({ momentum: 0 }),
      parameterRates: { bias: 16, 'norm.offset': 0.5 },
    });
    const from = step.initialState();
    const { state } = await takeStep(step, from, pixels, 0.1);
    const { gradient } = naiveStep(recipe, from.parameters, from.states, 1);
    const { parameters } = buildEmbeddingGraph(recipe.network, { training: true, batchSize });
    const multiples = parameters.layout.flatMap(({ name, shape }) =>
      new Array<number>(elementCount(shape)).fill(
        name.endsWith('bias') ? 16 : name === 'norm.offset' ? 0.5 : 1,
      ),
    );
    expectClose(
      'the way gone',
      state.parameters.map((value, i) => from.parameters[i] - value),
      gradient.map((value, i) => 0.1 * multiples[i] * value),
      1e-4,
    );
    expect(new Set(multiples).size).toBe(3);
  });

  it.each([0.05, 1e3])('clips the gradient over all parameters together, to %d', async (clipNorm) => {
    const { recipe, step } = await compile({ optimizer: sgd({ momentum: 0 }), clipNorm });
    const from = step.initialState();
    const { state, statistics } = await takeStep(step, from, pixels, 0.1);
    const { gradient } = naiveStep(recipe, from.parameters, from.states, 1);
    let sum = 0;
    for (const value of gradient) sum += value ** 2;
    const norm = Math.sqrt(sum);
    expect(norm).toBeGreaterThan(0.05);
    expect(statistics.gradientNorm).toBeCloseTo(norm, 4);
    expectClose(
      'the way gone',
      state.parameters.map((value, i) => from.parameters[i] - value),
      gradient.map((value) => 0.1 * value * Math.min(1, clipNorm / norm)),
      1e-4,
    );
  });

  it('computes what it computed before clipping was known, where none is asked for', async () => {
    const plain = await compile({});
    const clipping = await compile({ clipNorm: 1 });
    expect((await compile({ clipNorm: undefined })).step.fingerprint).toBe(plain.step.fingerprint);
    expect(clipping.step.fingerprint).not.toBe(plain.step.fingerprint);
    const { statistics } = await takeStep(plain.step, plain.step.initialState(), pixels, 0.1);
    expect(Object.keys(statistics)).toEqual(['meanCosine', 'deviation', 'participationRatio']);
  });

  it('leaves frozen parameters as they are to the bit, and moves the others as it would', async () => {
    const run = async (changes: Partial<Recipe>) => {
      const { recipe, step } = await compile({ optimizer: adamW({ weightDecay: 0.5 }), ...changes });
      const from = step.initialState();
      let { state } = await takeStep(step, from, pixels, 0.1);
      const first = state;
      ({ state } = await takeStep(step, state, pixels, 0.1));
      const { parameters } = buildEmbeddingGraph(recipe.network, { training: true, batchSize });
      const [start, once, twice] = [from, first, state].map((s) => parameterValues(parameters, s.parameters));
      return { start, once, twice, slots: state.slots, count: parameters.length };
    };
    const plain = await run({});
    const frozen = await run({ parameterRates: { 'conv.weights': 0, scale: 0 } });
    for (const name of ['conv.weights', 'norm.scale']) {
      expect(frozen.twice[name], name).toEqual(frozen.start[name]);
      expect(plain.twice[name], name).not.toEqual(plain.start[name]);
    }
    for (const name of ['conv.bias', 'norm.offset', 'embedding.weights', 'embedding.bias']) {
      expectClose(name, frozen.once[name].values, plain.once[name].values, float32);
      expect(frozen.twice[name], name).not.toEqual(frozen.once[name]);
    }
    for (const slot of frozen.slots) expect(slot.length).toBe(frozen.count - 3 * 3 * 3 * 6 - 6);
  });

  it('computes no gradient of what is frozen: none need exist', async () => {
    const inner = tinyNetwork({ dropoutRate: 0 });
    const network: Network = {
      ...inner,
      build(images, context) {
        const threshold = context.parameter('threshold', [1], zeros);
        return l2Normalize(
          add(inner.build(images, context), cast(greater(threshold, constant(1)), 'float32')),
        );
      },
    };
    await expect(compile({ network })).rejects.toMatchObject({ code: 'no-gradient' });
    const { step } = await compile({ network, parameterRates: { threshold: 0 } });
    const { loss } = await takeStep(step, step.initialState(), pixels, 0.1);
    expect(loss).toBeGreaterThan(0);
  });

  it('refuses rates of parameters that there are not', async () => {
    await expect(compile({ parameterRates: { 'conv.weight': 2 } })).rejects.toMatchObject({
      code: 'wrong-usage',
      message: expect.stringMatching(/'conv\.weight'; name one of conv\.weights/),
    });
  });

  it.each([1, 2])('averages weights and states over every %d. step, as float64 does', async (everySteps) => {
    const { step } = await compile({ averageWeights: { decay: 0.7, everySteps } });
    let state = step.initialState();
    expect(state.average).toEqual({ parameters: state.parameters, states: state.states });
    const taken: TrainingState[] = [];
    for (let number = 1; number <= 5; number++) {
      ({ state } = await takeStep(step, state, pixels, 0.1));
      if (number % everySteps === 0) taken.push(state);
      const weights = taken.map((_, i) => 0.7 ** (taken.length - 1 - i));
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      for (const kind of ['parameters', 'states'] as const) {
        const expected = [...state[kind].keys()].map((at) =>
          taken.length === 0
            ? step.initialState()[kind][at]
            : weights.reduce((sum, weight, i) => sum + weight * taken[i][kind][at], 0) / total,
        );
        expectClose(`${kind} after step ${number}`, state.average![kind], expected, float32);
      }
    }
    expect(state.average!.parameters).not.toEqual(state.parameters);
  });

  it('does not let an average touch the training', async () => {
    const last = async (changes: Partial<Recipe>) => {
      const { step } = await compile(changes);
      let state = step.initialState();
      for (let i = 0; i < 3; i++) ({ state } = await takeStep(step, state, pixels, 0.1));
      return state;
    };
    const { average, ...state } = await last({ averageWeights: { decay: 0.5 } });
    expect(state).toEqual(await last({}));
    expect(average).toBeDefined();
  });

  it('averages the weights of a network that has no states', async () => {
    const network = tinyNetwork({ normalized: false, dropoutRate: 0 });
    const { step } = await compile({ network, averageWeights: { decay: 0.5 } });
    const { state } = await takeStep(step, step.initialState(), pixels, 0.1);
    expect(state.average!.states.length).toBe(0);
    expectClose('average', state.average!.parameters, state.parameters, float32);
  });

  it('draws first values by the seed and the name of the parameter alone', async () => {
    const first = (await compile({})).step.initialState().parameters;
    expect((await compile({})).step.initialState().parameters).toEqual(first);
    const other = await TrainingStep.compile(tinyRecipe(), {
      batchSize,
      seed: seed + 1,
      classCount,
      threads: 1,
    });
    open.push(other);
    expect(other.initialState().parameters).not.toEqual(first);
  });

  it.each([
    ['dropout, running statistics and an average', { averageWeights: { decay: 0.7, everySteps: 2 } }],
    ['Muon and clipping', { optimizer: muon(), clipNorm: 0.1 }],
    ['a memory of embeddings', { loss: withMemory(multiSimilarity(), { size: 12, startStep: 2 }) }],
  ])('takes several steps as one, to the bit as one by one (%s)', async (_, changes: Partial<Recipe>) => {
    const { step: single } = await compile(changes);
    const { step: several } = await compile(changes, [8, 4]);
    expect([single.stepsPerRun, several.stepsPerRun]).toEqual([1, 4]);
    const batches = Array.from({ length: 8 }, (_, i) => ({
      input: pixels.map((value) => value ^ (i * 16)),
      labels: labels.map((label) => (label + i) % 3),
      learningRate: 0.1 / (i + 1),
    }));
    let state = single.initialState();
    const outcomes: StepOutcome[] = [];
    for (const batch of batches) {
      const result = await single.run(state, [batch]);
      state = result.state;
      outcomes.push(...result.outcomes);
    }
    const first = await several.run(several.initialState(), batches.slice(0, 4));
    const second = await several.run(first.state, batches.slice(4));
    expect([...first.outcomes, ...second.outcomes]).toEqual(outcomes);
    expect(second.state).toEqual(state);
    expect(new Set(outcomes.map(({ loss }) => loss)).size).toBe(8);
  });

  it.each([
    [[20], 10],
    [[1000, 30], 10],
    [[46], 2],
    [[14, 21], 7],
    [[13], 1],
    [[12, 1], 1],
  ])('takes as many steps as one as end at every pause: after %j steps, %d', async (pauses, expected) => {
    expect((await compile({}, pauses)).step.stepsPerRun).toBe(expected);
  });

  it('takes steps one by one where a batch is large', async () => {
    const step = await TrainingStep.compile(tinyRecipe(), {
      batchSize: 522,
      seed,
      classCount,
      pauses: [10],
      threads: 1,
    });
    open.push(step);
    expect(step.stepsPerRun).toBe(1);
  });

  it('refuses other than a batch for each step', async () => {
    const { step } = await compile({}, [2]);
    await expect(takeStep(step, step.initialState(), pixels, 0.1)).rejects.toThrow(
      'expected 2 batches, got 1',
    );
  });

  it('leaves the state it is given as it was', async () => {
    const { step } = await compile({});
    const before = step.initialState();
    const kept = structuredClone(before);
    await takeStep(step, before, pixels, 0.1);
    expect(before).toEqual(kept);
  });

  it('drops other features in every step', async () => {
    const { step } = await compile({ optimizer: sgd({ momentum: 0 }) });
    const state = step.initialState();
    const losses = [];
    for (const number of [0, 1, 2])
      losses.push((await takeStep(step, { ...state, step: number }, pixels, 0)).loss);
    expect(new Set(losses).size).toBe(3);
    expect((await takeStep(step, { ...state, step: 1 }, pixels, 0)).loss).toBe(losses[1]);
  });

  it('gives a mean cosine of 1 where all images are one', async () => {
    const { step } = await compile({ network: tinyNetwork({ dropoutRate: 0 }) });
    const same = new Uint8Array(pixels.length);
    for (let image = 0; image < batchSize; image++) same.set(pixels.subarray(0, 192), image * 192);
    const { statistics } = await takeStep(step, step.initialState(), same, 0);
    expect(statistics.meanCosine).toBeCloseTo(1, 6);
  });

  it('trains a network that has no states, in either layout alike', async () => {
    const losses: number[][] = [];
    for (const layout of ['NHWC', 'NCHW'] as const) {
      const network = tinyNetwork({ layout, normalized: false, dropoutRate: 0 });
      const { step } = await compile({ network, optimizer: sgd() });
      let state = step.initialState();
      expect(state.states.length).toBe(0);
      // Both start from the same weights, each in its own order.
      if (layout === 'NCHW') state = { ...state, parameters: withKernelFirst(state.parameters) };
      const ofLayout: number[] = [];
      for (let i = 0; i < 5; i++) {
        const result = await takeStep(step, state, pixels, 0.1);
        ofLayout.push(result.loss);
        state = result.state;
      }
      losses.push(ofLayout);
    }
    expectClose('losses', losses[1], losses[0], float32);
    expect(losses[0].at(-1)).toBeLessThan(losses[0][0]);
  });
});

/** Parameters whose kernel, at the front, is turned from [h, w, in, out], as drawn, to [out, in, h, w]. */
function withKernelFirst(drawn: Float32Array): Float32Array {
  const turned = drawn.slice();
  for (let place = 0; place < 9; place++)
    for (let from = 0; from < 3; from++)
      for (let to = 0; to < 6; to++) turned[(to * 3 + from) * 9 + place] = drawn[(place * 3 + from) * 6 + to];
  return turned;
}
