import { describe, expect, it } from 'vitest';
import { optimizedGraph } from '../../../test/fixtures/optimized-graph.js';
import { checkGradients } from '../../../test/oracle/check-gradients.js';
import { randomArray } from '../../../test/oracle/random-array.js';
import { gradients } from '../gradients.js';
import type { Tensor } from '../tensor.js';
import { topologicalOrder } from '../topological-order.js';
import { input } from './input.js';
import { mapAxis } from './map-axis.js';
import { matmul } from './matmul.js';
import { parameter } from './parameter.js';
import { recomputed } from './recomputed.js';
import { sum } from './sum.js';

const matrix = [
  [1, 2, 0],
  [0, 1, -1],
  [3, 0, 1],
  [1, 1, 1],
];

/** Rows that are made of x and multiplied by weights: the gradient of the weights needs the rows again. */
function product(x: Tensor, weights: Tensor): Tensor {
  const rows = (apart: boolean) => mapAxis(x, 0, matrix, { apart });
  return matmul(
    recomputed(rows(false), () => rows(true)),
    weights,
  );
}

describe('recomputed', () => {
  it('has the value and the gradients of what it stands for', async () => {
    await checkGradients({
      parameters: { x: randomArray([3, 5]), weights: randomArray([5, 2], { stream: 'weights' }) },
      build: ({ x, weights }) => product(x!, weights!),
    });
  });
  it('is made anew for the backward pass alone', () => {
    const [x, weights] = [parameter('x', [3, 5]), parameter('weights', [5, 2])];
    const y = product(x, weights);
    const maps = (tensors: readonly Tensor[]) =>
      topologicalOrder(tensors).filter(({ operation }) => operation.name === 'mapAxis').length;
    expect(maps([y])).toBe(1);
    expect(maps([y, ...gradients(sum(y), [weights])])).toBe(2);
  });
  it('is not merged with the first computation, by our passes or by ONNX Runtime', async () => {
    const [x, weights] = [input('x', 'float32', [3, 5]), input('weights', 'float32', [5, 2])];
    const y = product(x, weights);
    const [gradient] = gradients(sum(y), [weights]);
    const { node } = await optimizedGraph({ outputs: { y, gradient: gradient! }, target: 'training' });
    // Two of the map, one of the product; its gradient is a FusedMatMul.
    expect(node.filter(({ opType }) => opType === 'MatMul' || opType === 'Gemm')).toHaveLength(3);
    expect(node.filter(({ opType }) => opType === 'Identity')).toHaveLength(0);
  });
});
