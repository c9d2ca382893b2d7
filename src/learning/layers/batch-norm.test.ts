import { describe, expect, it } from 'vitest';
import { buildLayer } from '../../../test/fixtures/build-layer.js';
import { evaluate } from '../../../test/oracle/evaluate.js';
import { expectClose } from '../../../test/oracle/expect-close.js';
import { type NaiveArray, naiveArray, tabulate } from '../../../test/oracle/naive-array.js';
import { parameterValues } from '../../../test/oracle/parameter-values.js';
import { randomArray } from '../../../test/oracle/random-array.js';
import { Random } from '../../core/random.js';
import { input, type Layout, type ParameterSet } from '../../engine/index.js';
import { type BatchNormOptions, batchNorm } from './batch-norm.js';

const float32 = 2e-6;
const [batch, height, width, channels] = [3, 4, 2, 5];
const count = batch * height * width;

/** Images [N, H, W, C] whose channels differ in mean and spread. */
function images(stream: string): NaiveArray {
  const { values } = randomArray([batch, height, width, channels], { stream });
  return tabulate([batch, height, width, channels], ([, , , c], at) =>
    Math.fround((c + 1) * values[at] + 3 * c),
  );
}

/** Mean and biased variance of every channel. */
function statistics({ values }: NaiveArray): { mean: number[]; variance: number[] } {
  const ofChannel = (c: number) => [...values.filter((_, at) => at % channels === c)];
  const mean = [0, 1, 2, 3, 4].map((c) => ofChannel(c).reduce((sum, value) => sum + value, 0) / count);
  const variance = mean.map(
    (centre, c) => ofChannel(c).reduce((sum, value) => sum + (value - centre) ** 2, 0) / count,
  );
  return { mean, variance };
}

const inLayout = (layout: Layout, x: NaiveArray): NaiveArray =>
  layout === 'NHWC'
    ? x
    : tabulate(
        [batch, channels, height, width],
        ([n, c, y, column]) => x.values[((n * height + y) * width + column) * channels + c],
      );

function built(layout: Layout, training: boolean, options?: BatchNormOptions) {
  const images = training ? batch : 'N';
  const shape = layout === 'NHWC' ? [images, height, width, channels] : [images, channels, height, width];
  const x = input('x', 'float32', shape);
  return buildLayer({ layout, training }, (context) => batchNorm(context, 'norm', x, options));
}

const scaleAndOffset = {
  'norm.scale': naiveArray([channels], [1, 0.5, -2, 3, 0]),
  'norm.offset': naiveArray([channels], [0, 1, -1, 0.25, 7]),
};

/** Normalises by given statistics, element by element. */
function normalized(x: NaiveArray, mean: readonly number[], variance: readonly number[], epsilon = 1e-5) {
  const { 'norm.scale': scale, 'norm.offset': offset } = scaleAndOffset;
  return tabulate(x.shape, ([, , , c], at) => {
    const standard = (x.values[at] - mean[c]) / Math.sqrt(variance[c] + epsilon);
    return standard * scale.values[c] + offset.values[c];
  });
}

describe.each<Layout>(['NHWC', 'NCHW'])('batchNorm in %s', (layout) => {
  it('starts with scale 1, offset 0, running mean 0 and running variance 1', () => {
    const { parameters, states } = built(layout, true);
    const first = (set: ParameterSet) => set.initialize((name) => Random.of(0, name));
    expect(parameterValues(parameters, first(parameters))).toEqual({
      'norm.scale': naiveArray([channels], [1, 1, 1, 1, 1]),
      'norm.offset': naiveArray([channels], [0, 0, 0, 0, 0]),
    });
    expect(parameterValues(states, first(states))).toEqual({
      'norm.mean': naiveArray([channels], [0, 0, 0, 0, 0]),
      'norm.variance': naiveArray([channels], [1, 1, 1, 1, 1]),
    });
  });

  it('normalises by the statistics of the batch while training, whatever the running ones are', async () => {
    const x = images('a');
    const { y } = built(layout, true);
    const { mean, variance } = statistics(x);
    const [actual] = await evaluate([y], { ...scaleAndOffset, x: inLayout(layout, x) });
    expectClose('y', actual, inLayout(layout, normalized(x, mean, variance)).values, float32);
  });

  it.each([undefined, 0.3])(
    'keeps running statistics as PyTorch does, the variance unbiased (momentum %s)',
    async (momentum) => {
      const weight = momentum ?? 0.1;
      const { states, updates } = built(layout, true, { momentum });
      const next = states.tensors.map((state) => updates.get(state)!);
      let running = { mean: new Array<number>(channels).fill(0), variance: new Array(channels).fill(1) };
      let expected = running;
      for (const stream of ['a', 'b', 'c']) {
        const x = images(stream);
        const fresh = statistics(x);
        const blend = (old: number, value: number) => (1 - weight) * old + weight * value;
        expected = {
          mean: expected.mean.map((old, c) => blend(old, fresh.mean[c])),
          variance: expected.variance.map((old, c) => blend(old, (fresh.variance[c] * count) / (count - 1))),
        };
        const [mean, variance] = await evaluate(next, {
          ...scaleAndOffset,
          x: inLayout(layout, x),
          'norm.mean': naiveArray([channels], running.mean),
          'norm.variance': naiveArray([channels], running.variance),
        });
        running = { mean, variance };
      }
      expectClose('running mean', running.mean, expected.mean, float32);
      expectClose('running variance', running.variance, expected.variance, float32);
    },
  );

  it('normalises by the running statistics when embedding, whatever the batch is', async () => {
    const x = images('d');
    const mean = [0.5, -1, 2, 3, 30];
    const variance = [1, 0.25, 4, 1e-8, 100];
    const { y, updates } = built(layout, false, { epsilon: 1e-3 });
    expect(updates.size).toBe(0);
    const [actual] = await evaluate(
      [y],
      {
        ...scaleAndOffset,
        x: inLayout(layout, x),
        'norm.mean': naiveArray([channels], mean),
        'norm.variance': naiveArray([channels], variance),
      },
      'portable',
    );
    expectClose('y', actual, inLayout(layout, normalized(x, mean, variance, 1e-3)).values, float32);
  });

  it('has the same parameters and states for training and for embedding', () => {
    const names = (training: boolean) => {
      const { parameters, states } = built(layout, training);
      return [parameters, states].map((set) =>
        set.tensors.map(({ node, shape }) => [(node.attributes as { name: string }).name, shape]),
      );
    };
    expect(names(false)).toEqual(names(true));
  });
});

describe('batchNorm of one pixel of one image', () => {
  it('keeps its running variance finite', async () => {
    const x = input('x', 'float32', [1, 2, 1, 1]);
    const { y, states, updates } = buildLayer({ layout: 'NCHW' }, (context) => batchNorm(context, 'norm', x));
    const [out, mean, variance] = await evaluate([y, ...states.tensors.map((state) => updates.get(state)!)], {
      x: naiveArray([1, 2, 1, 1], [3, -5]),
      'norm.scale': naiveArray([2], [1, 1]),
      'norm.offset': naiveArray([2], [0, 0.5]),
      'norm.mean': naiveArray([2], [0, 0]),
      'norm.variance': naiveArray([2], [1, 1]),
    });
    expectClose('y', out, [0, 0.5], float32);
    expectClose('mean', mean, [0.3, -0.5], float32);
    expectClose('variance', variance, [0.9, 0.9], float32);
  });
});
