import { describe, it } from 'vitest';
import { checkGradients, float32Tolerance } from '../../../../test/oracle/check-gradients.js';
import { evaluate } from '../../../../test/oracle/evaluate.js';
import { expectClose } from '../../../../test/oracle/expect-close.js';
import { at, naiveArray, tabulate } from '../../../../test/oracle/naive-array.js';
import { naiveConvolution } from '../../../../test/oracle/operations/convolution.js';
import { randomArray } from '../../../../test/oracle/random-array.js';
import { parameter } from '../parameter.js';
import { wholeLength } from '../pooling-blocks.js';
import { conv2d } from './conv2d.js';
import { winogradConvolution } from './winograd-convolution.js';

/** Winograd's transforms add and subtract numbers a few times as large as the results. */
const winogradTolerance = 10 * float32Tolerance;

interface Case {
  readonly image: readonly [height: number, width: number];
  readonly kernel: readonly [height: number, width: number];
  readonly inChannels: number;
  readonly stride?: number;
  readonly padding?: number;
  readonly averagePool?: number;
  readonly maxPool?: number;
}

const cases: readonly Case[] = [
  // Few channels, larger strides, other kernels: the sum over taps.
  { image: [5, 6], kernel: [3, 3], inChannels: 2, padding: 1 },
  { image: [5, 6], kernel: [2, 2], inChannels: 3 },
  { image: [4, 3], kernel: [1, 1], inChannels: 4 },
  { image: [3, 4], kernel: [2, 2], inChannels: 17 },
  { image: [7, 6], kernel: [3, 5], inChannels: 2, padding: 2, stride: 2 },
  { image: [9, 7], kernel: [3, 3], inChannels: 50, stride: 2, padding: 1 },
  { image: [7, 6], kernel: [3, 3], inChannels: 2, padding: 1, averagePool: 2 },
  { image: [9, 8], kernel: [3, 3], inChannels: 2, padding: 1, stride: 2, averagePool: 2 },
  { image: [9, 9], kernel: [3, 3], inChannels: 2, averagePool: 3 },
  // Many channels and 3×3: Winograd.
  { image: [4, 5], kernel: [3, 3], inChannels: 48, padding: 1 },
  { image: [8, 7], kernel: [3, 3], inChannels: 50 },
  { image: [3, 2], kernel: [3, 3], inChannels: 64, padding: 1 },
  { image: [1, 1], kernel: [3, 3], inChannels: 48, padding: 1 },
  { image: [15, 31], kernel: [3, 3], inChannels: 48, padding: 1 },
  { image: [32, 8], kernel: [3, 3], inChannels: 64 },
  { image: [31, 7], kernel: [3, 3], inChannels: 48, padding: 1, maxPool: 2 },
  { image: [15, 10], kernel: [3, 3], inChannels: 64, padding: 1, maxPool: 3 },
];

describe('a convolution of HWNC maps', () => {
  const [batch, outChannels] = [2, 3];
  it.each(cases)('gives what the definition gives, for %j', async (c) => {
    const { image, kernel, inChannels, stride = 1, padding = 0, averagePool = 1, maxPool = 1 } = c;
    const x = randomArray([...image, batch, inChannels], { stream: 'x' });
    const weights = randomArray([...kernel, inChannels, outChannels], { stream: 'weights' });
    const y = conv2d(parameter('x', x.shape), parameter('weights', weights.shape), {
      layout: 'HWNC',
      stride,
      padding,
      averagePool,
      maxPool,
    });
    const full = naiveConvolution(x, weights, { layout: 'HWNC', stride, padding });
    const side = averagePool * maxPool;
    const pooled = tabulate(
      [Math.floor(full.shape[0]! / side), Math.floor(full.shape[1]! / side), batch, outChannels],
      ([oy, ox, n, o]) => {
        const block: number[] = [];
        for (let dy = 0; dy < side; dy++)
          for (let dx = 0; dx < side; dx++) block.push(at(full, [oy! * side + dy, ox! * side + dx, n!, o!]));
        return maxPool > 1 ? Math.max(...block) : block.reduce((a, b) => a + b) / block.length;
      },
    );
    const [actual] = await evaluate([y], { x, weights });
    expectClose('y', actual!, pooled.values, winogradTolerance);
  });
  it.each(cases.filter(({ inChannels }) => inChannels < 48))(
    'agrees with the oracle in its gradients, for %j',
    async ({ image, kernel, inChannels, ...options }) => {
      await checkGradients({
        parameters: {
          x: randomArray([...image, 1, inChannels], { stream: 'x' }),
          weights: randomArray([...kernel, inChannels, 2], { stream: 'weights' }),
          bias: randomArray([2], { stream: 'bias' }),
        },
        build: ({ x, weights, bias }) => conv2d(x!, weights!, { layout: 'HWNC', bias, ...options }),
        tolerance: winogradTolerance,
      });
    },
  );
  it.each([
    { image: [4, 5], padding: 1 },
    { image: [7, 3], padding: 0 },
    { image: [2, 9], padding: 1 },
    { image: [1, 1], padding: 1 },
    { image: [6, 9], padding: 1 },
    { image: [12, 5], padding: 1 },
    { image: [7, 7], padding: 1, whole: 2 },
    { image: [7, 4], padding: 1, whole: 3 },
  ])('by Winograd agrees with the oracle in its gradients, for %j', async ({ image, padding, whole = 1 }) => {
    await checkGradients({
      parameters: {
        x: randomArray([...image, 2, 2], { stream: 'x' }),
        weights: randomArray([3, 3, 2, 3], { stream: 'weights' }),
      },
      build: ({ x, weights }) => {
        const out = image.map((length) => wholeLength(length + 2 * padding - 2, whole));
        return winogradConvolution(x, weights, { padding, out: out as [number, number] });
      },
      tolerance: winogradTolerance,
    });
  });
  it('is 0 everywhere for an image of zeros', async () => {
    const y = conv2d(parameter('x', [4, 4, 1, 48]), parameter('w', [3, 3, 48, 2]), {
      layout: 'HWNC',
      padding: 1,
    });
    const zeros = naiveArray([4, 4, 1, 48], new Float64Array(768));
    const [values] = await evaluate([y], { x: zeros, w: randomArray([3, 3, 48, 2]) });
    expectClose('y', values!, new Float64Array(32), 0);
  });
});
