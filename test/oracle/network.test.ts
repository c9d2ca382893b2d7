import { describe, it } from 'vitest';
import {
  batchNormalization,
  channelsLast,
  constant,
  conv2d,
  gatherElements,
  gelu,
  input,
  type Layout,
  l2Normalize,
  logSoftmax,
  matmul,
  maxPool,
  mean,
  multiply,
  negate,
  parameter,
  relu,
  spatialAxes,
  split,
  transpose,
} from '../../src/engine/index.js';
import { imageShape } from '../../src/engine/ops/conv2d/geometry.js';
import type { Tensor } from '../../src/engine/tensor.js';
import { checkGradients, float32Tolerance } from './check-gradients.js';
import { evaluate } from './evaluate.js';
import { expectClose } from './expect-close.js';
import { interpret } from './interpreter.js';
import type { NaiveArray } from './naive-array.js';
import { randomArray } from './random-array.js';

const pairs = 3;
const [height, width] = [9, 8];
const [channels, hidden, features, dimension] = [2, 3, 4, 5];
const layouts: readonly Layout[] = ['NHWC', 'NCHW'];
const trainingLayouts: readonly Layout[] = [...layouts, 'HWNC', 'CHWN'];

const kernel = (layout: Layout, inputs: number, outputs: number) =>
  channelsLast(layout) ? [3, 3, inputs, outputs] : [outputs, inputs, 3, 3];

function values(layout: Layout): Record<string, NaiveArray> {
  const shapes: Record<string, number[]> = {
    kernel1: kernel(layout, channels, hidden),
    bias1: [hidden],
    kernel2: kernel(layout, hidden, features),
    scale: [features],
    offset: [features],
    dense: [features, dimension],
    denseBias: [dimension],
  };
  return Object.fromEntries(
    Object.entries(shapes).map(([stream, shape]) => [stream, randomArray(shape, { stream })]),
  );
}

const images = (layout: Layout) =>
  randomArray(imageShape(layout, 2 * pairs, height, width, channels) as number[], { stream: 'images' });

/** Everything up to the normalisation over a batch, which a network that embeds does not have. */
function convolutions(layout: Layout, x: Tensor, p: Readonly<Record<string, Tensor>>): Tensor {
  const first = relu(conv2d(x, p.kernel1, { layout, stride: 2, bias: p.bias1 }));
  return conv2d(first, p.kernel2, { layout, padding: 1 });
}

function embedding(layout: Layout, x: Tensor, p: Readonly<Record<string, Tensor>>): Tensor {
  const pooled = mean(maxPool(gelu(x), { layout, size: 2, stride: 1 }), { axes: spatialAxes(layout) });
  const rows = layout === 'CHWN' ? transpose(pooled, [1, 0]) : pooled;
  return l2Normalize(matmul(rows, p.dense, { bias: p.denseBias }));
}

/** Softmax cross-entropy of every anchor's likeness to all positives against its own. */
function pairLoss(embeddings: Tensor): Tensor {
  const [anchors, positives] = split(embeddings, [pairs, pairs]);
  const logits = multiply(matmul(anchors, positives, { transposeB: true }), constant(1 / 0.2));
  const own = constant(
    Array.from({ length: pairs }, (_, i) => i),
    [pairs, 1],
    'int64',
  );
  return negate(mean(gatherElements(logSoftmax(logits), own)));
}

describe('a small network with everything that training uses', () => {
  it.each(trainingLayouts)(
    'has the gradients of the oracle for all of its parameters, in %s',
    async (layout) => {
      await checkGradients({
        parameters: values(layout),
        inputs: { images: images(layout) },
        build: (p) => {
          const x = input('images', 'float32', images(layout).shape);
          const { y } = batchNormalization(convolutions(layout, x, p), p.scale, p.offset, { layout });
          return pairLoss(embedding(layout, y, p));
        },
        // A dozen operations in a row, of which batch normalisation and the softmax subtract numbers close to each other.
        tolerance: 10 * float32Tolerance,
      });
    },
  );
  it.each(layouts)(
    'embeds the same in a portable file, one image at a time or many, in %s',
    async (layout) => {
      const leaves = Object.fromEntries(
        Object.entries(values(layout)).map(([name, { shape }]) => [name, parameter(name, shape)]),
      );
      const x = input('images', 'float32', imageShape(layout, 'N', height, width, channels));
      const output = embedding(layout, convolutions(layout, x, leaves), leaves);
      const all = images(layout);
      const size = all.values.length / (2 * pairs);
      const one = { shape: [1, ...all.shape.slice(1)], values: all.values.slice(0, size) };
      for (const batch of [all, one]) {
        const feeds = { images: batch, ...values(layout) };
        const [portable] = await evaluate([output], feeds, 'portable');
        expectClose('embeddings', portable, interpret([output], feeds)[0].values, float32Tolerance);
      }
    },
  );
});
