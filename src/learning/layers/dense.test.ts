import { describe, expect, it } from 'vitest';
import { buildLayer } from '../../../test/fixtures/build-layer.js';
import { checkGradients } from '../../../test/oracle/check-gradients.js';
import { evaluate } from '../../../test/oracle/evaluate.js';
import { naiveArray } from '../../../test/oracle/naive-array.js';
import { parameterValues } from '../../../test/oracle/parameter-values.js';
import { randomArray } from '../../../test/oracle/random-array.js';
import { Random } from '../../core/random.js';
import { input } from '../../engine/index.js';
import { ones } from '../initializers.js';
import { type DenseOptions, dense } from './dense.js';

const layer = (options: DenseOptions, rows: number | string = 3) =>
  buildLayer({}, (context) => dense(context, 'head', input('x', 'float32', [rows, 4]), options));

describe('dense', () => {
  it('multiplies by its weights and adds its biases', async () => {
    const { y } = layer({ width: 2 }, 2);
    const [rows] = await evaluate([y], {
      x: naiveArray([2, 4], [1, 2, 3, 4, 0, 0, 0, 1]),
      'head.weights': naiveArray([4, 2], [1, 0, 0, 1, 1, 1, 2, -1]),
      'head.bias': naiveArray([2], [10, 20]),
    });
    expect(rows).toEqual([1 + 3 + 8 + 10, 2 + 3 - 4 + 20, 2 + 10, -1 + 20]);
  });

  it('has the gradients of the oracle', async () => {
    await checkGradients({
      parameters: {
        x: randomArray([3, 4]),
        weights: randomArray([4, 5], { stream: 'weights' }),
        bias: randomArray([5], { stream: 'bias' }),
      },
      build: (p) =>
        dense(
          {
            training: true,
            layout: 'NHWC',
            parameter: (name) => p[name.replace('head.', '')],
            state: () => expect.unreachable('a linear layer has no state'),
            update: () => expect.unreachable('a linear layer has no state'),
          },
          'head',
          p.x,
          { width: 5 },
        ),
    });
  });

  it('starts with Glorot uniform weights and biases of zero', () => {
    const { parameters } = layer({ width: 200 });
    const { 'head.weights': weights, 'head.bias': bias } = parameterValues(
      parameters,
      parameters.initialize((name) => Random.of(1, name)),
    );
    const limit = Math.sqrt(6 / 204);
    expect(weights.shape).toEqual([4, 200]);
    expect(Math.max(...weights.values)).toBeLessThanOrEqual(limit);
    expect(Math.max(...weights.values)).toBeGreaterThan(0.95 * limit);
    expect(bias.values).toEqual(new Float64Array(200));
  });

  it('leaves the bias out, and draws weights by the initializer it is given', () => {
    const { parameters } = layer({
      width: 2,
      bias: false,
      initializer: ({ fanIn, fanOut }) => {
        expect({ fanIn, fanOut }).toEqual({ fanIn: 4, fanOut: 2 });
        return ones;
      },
    });
    expect([...parameters.initialize((name) => Random.of(1, name))]).toEqual(new Array(8).fill(1));
  });

  it('takes any number of rows when embedding', () => {
    expect(layer({ width: 2 }, 'N').y.shape).toEqual(['N', 2]);
  });
});
