import { describe, expect, it } from 'vitest';
import { expectShapeMismatch } from '../../test/oracle/expect-shape-mismatch.js';
import { input } from './ops/input.js';
import {
  broadcastShape,
  elementCount,
  formatShape,
  normalizeAxis,
  sameShape,
  shapeMismatch,
  staticShape,
} from './shape.js';
import type { Shape } from './tensor.js';

const tensor = (...shape: Shape) => input('x', 'float32', shape);

describe('broadcastShape', () => {
  it.each<{ shapes: Shape[]; expected: Shape }>([
    { shapes: [[2, 3], [3]], expected: [2, 3] },
    {
      shapes: [
        [2, 1],
        [1, 3],
      ],
      expected: [2, 3],
    },
    { shapes: [[], [2]], expected: [2] },
    { shapes: [[], []], expected: [] },
    { shapes: [['N', 1], [4]], expected: ['N', 4] },
    {
      shapes: [
        ['N', 3],
        ['N', 1],
      ],
      expected: ['N', 3],
    },
    {
      shapes: [
        [0, 3],
        [1, 3],
      ],
      expected: [0, 3],
    },
  ])('of $shapes is $expected', ({ shapes, expected }) => {
    const tensors = shapes.map((shape) => tensor(...shape));
    expect(broadcastShape('add', tensors)).toEqual(expected);
    expect(broadcastShape('add', tensors.reverse())).toEqual(expected);
  });
  it.each<{ shapes: [Shape, Shape] }>([
    { shapes: [[2, 3], [2]] },
    {
      shapes: [
        ['N', 3],
        [5, 3],
      ],
    },
    {
      shapes: [
        ['N', 3],
        ['M', 3],
      ],
    },
    { shapes: [[0], [2]] },
  ])('refuses $shapes, naming both', ({ shapes: [a, b] }) => {
    const build = () => broadcastShape('add', [tensor(...a), tensor(...b)]);
    expectShapeMismatch(build, 'add', formatShape(a), formatShape(b));
  });
});

describe('normalizeAxis', () => {
  it('counts from the end where the axis is negative', () => {
    expect([0, 2, -1, -3].map((axis) => normalizeAxis('sum', axis, tensor(4, 5, 6)))).toEqual([0, 2, 2, 0]);
  });
  it.each([3, -4, 0.5, Number.NaN])('refuses axis %d of three', (axis) => {
    expectShapeMismatch(
      () => normalizeAxis('sum', axis, tensor(4, 5, 6)),
      'sum',
      `axis ${axis}`,
      '[4, 5, 6]',
    );
  });
});

describe('staticShape', () => {
  it('is the shape as numbers', () => {
    expect(staticShape('mean', tensor(2, 3))).toEqual([2, 3]);
  });
  it('refuses a named axis', () => {
    expectShapeMismatch(() => staticShape('mean', tensor('N', 3)), 'mean', '[N, 3]');
  });
});

describe('shapeMismatch', () => {
  it('names the operation, what it expected, every tensor and what to do', () => {
    const error = shapeMismatch(
      'matmul',
      'equal inner axes',
      [tensor(2, 3), input('y', 'int64', ['N'])],
      'transpose',
    );
    expect(error.message).toBe(
      'matmul: expected equal inner axes, got float32 [2, 3] and int64 [N]; transpose',
    );
  });
});

describe('sameShape', () => {
  it('compares length and every axis', () => {
    expect(sameShape([2, 'N'], [2, 'N'])).toBe(true);
    expect(sameShape([2], [2, 1])).toBe(false);
    expect(sameShape([2, 'N'], [2, 3])).toBe(false);
  });
});

describe('elementCount', () => {
  it('is the product of the axes, 1 for a scalar', () => {
    expect([[], [4], [2, 3], [2, 0]].map(elementCount)).toEqual([1, 4, 6, 0]);
  });
});
