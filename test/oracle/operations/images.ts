import type { Layout } from '../../../src/engine/ops/conv2d/geometry.js';
import { at, forEach, naiveArray, positionOf, sizeOf, tabulate } from '../naive-array.js';
import type { NaiveRule } from '../naive-rule.js';

// Pooling works on [batch, channels, height, width]; other layouts are transposed before it.

const averagePool: NaiveRule<{ size: number }> = ([x], { size }) => {
  const [batch, channels, height, width] = x.shape;
  return [
    tabulate([batch, channels, height / size, width / size], ([n, c, oy, ox]) => {
      let sum = 0;
      for (let y = 0; y < size; y++)
        for (let dx = 0; dx < size; dx++) sum += at(x, [n, c, oy * size + y, ox * size + dx]);
      return sum / size ** 2;
    }),
  ];
};

const repeatPixels: NaiveRule<{ size: number }> = ([x], { size }) => {
  const [batch, channels, height, width] = x.shape;
  return [
    tabulate([batch, channels, height * size, width * size], ([n, c, y, column]) =>
      at(x, [n, c, Math.floor(y / size), Math.floor(column / size)]),
    ),
  ];
};

const maxPool: NaiveRule<{ size: number; stride: number }> = ([x], { size, stride }) => {
  const [batch, channels, height, width] = x.shape;
  const positions = (length: number) => Math.floor((length - size) / stride) + 1;
  const shape = [batch, channels, positions(height), positions(width)];
  const where = tabulate(shape, ([n, c, oy, ox]) => {
    let best = positionOf(x.shape, [n, c, oy * stride, ox * stride]);
    for (let y = 0; y < size; y++)
      for (let dx = 0; dx < size; dx++) {
        const candidate = positionOf(x.shape, [n, c, oy * stride + y, ox * stride + dx]);
        if (x.values[candidate] > x.values[best]) best = candidate;
      }
    return best;
  });
  return [tabulate(shape, (_, position) => x.values[where.values[position]]), where];
};

const maxUnpool: NaiveRule<{ shape: readonly number[] }> = ([values, where], { shape }) => {
  const sums = new Float64Array(sizeOf(shape));
  for (const [i, position] of where.values.entries()) sums[position] += values.values[i];
  return [naiveArray(shape, sums)];
};

const batchNormalization: NaiveRule<{ layout: Layout; epsilon: number }> = (
  [x, scale, offset],
  { layout, epsilon },
) => {
  const channelAxis = { NHWC: 3, HWNC: 3, NCHW: 1, CHWN: 0 }[layout];
  const groups = Array.from(scale.values, (): number[] => []);
  forEach(x, (value, index) => groups[index[channelAxis]].push(value));
  const average = (values: readonly number[]) =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const means = groups.map(average);
  const variances = groups.map((values, c) => average(values.map((value) => (value - means[c]) ** 2)));
  const y = tabulate(x.shape, (index, position) => {
    const c = index[channelAxis];
    const normalized = (x.values[position] - means[c]) / Math.sqrt(variances[c] + epsilon);
    return normalized * scale.values[c] + offset.values[c];
  });
  return [y, naiveArray(scale.shape, means), naiveArray(scale.shape, variances)];
};

export const images = { averagePool, repeatPixels, maxPool, maxUnpool, batchNormalization };
