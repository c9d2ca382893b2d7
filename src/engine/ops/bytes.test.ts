import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkValues } from '../../../test/oracle/check-gradients.js';
import { evaluate } from '../../../test/oracle/evaluate.js';
import { expectShapeMismatch } from '../../../test/oracle/expect-shape-mismatch.js';
import { naiveArray } from '../../../test/oracle/naive-array.js';
import { randomArray } from '../../../test/oracle/random-array.js';
import { Random } from '../../core/random.js';
import { constant } from './constant.js';
import { input } from './input.js';
import { largestByteProducts } from './largest-byte-products.js';
import { parameter } from './parameter.js';
import { dequantize, quantize } from './quantize.js';

const scale = (value: number) => constant(value);
const x = parameter('x', [3, 40]);

describe('quantize', () => {
  it('agrees with the oracle, halves and what is cut off included', async () => {
    await checkValues([quantize(x, scale(0.01))], { x: randomArray([3, 40]) }, 0);
    const halves = Float64Array.from({ length: 120 }, (_, i) => (i - 60) / 2);
    await checkValues([quantize(x, scale(1))], { x: naiveArray([3, 40], halves) }, 0);
    const large = halves.map((value) => value * 1e4);
    await checkValues([quantize(x, scale(1))], { x: naiveArray([3, 40], large) }, 0);
  });
  it('refuses what is not float32', () => {
    expectShapeMismatch(() => quantize(input('b', 'uint8', [3]), scale(1)), 'quantize', 'uint8 [3]');
    expectShapeMismatch(() => quantize(x, parameter('s', [3])), 'quantize', 'float32 [3]');
  });
});

describe('dequantize', () => {
  it('agrees with the oracle', async () => {
    const bytes = input('bytes', 'uint8', [256]);
    await checkValues([dequantize(bytes, scale(0.25))], {
      bytes: naiveArray(
        [256],
        Array.from({ length: 256 }, (_, i) => i),
      ),
    });
  });
  it('gives back, to half of the scale, what was quantized', async () => {
    const values = randomArray([3, 40]);
    const [back] = await evaluate([dequantize(quantize(x, scale(0.04)), scale(0.04))], { x: values });
    for (const [i, value] of back!.entries())
      expect(Math.abs(value - values.values[i]!)).toBeLessThanOrEqual(0.02 + 1e-6);
  });
  it('refuses what is not bytes', () => {
    expectShapeMismatch(() => dequantize(x, scale(1)), 'dequantize', 'float32 [3, 40]');
  });
});

describe('largestByteProducts', () => {
  /** Rows [groups, size, length] and columns [length, count], of bytes and numbers that are drawn. */
  async function expectLargest(
    { groups, size, length, count }: Record<'groups' | 'size' | 'length' | 'count', number>,
    byte: () => number,
    number: () => number,
  ) {
    const rows = naiveArray(
      [groups, size, length],
      Float64Array.from({ length: groups * size * length }, byte),
    );
    const columns = naiveArray([length, count], Float64Array.from({ length: count * length }, number));
    const largest = largestByteProducts(
      input('rows', 'uint8', rows.shape),
      input('columns', 'float32', columns.shape),
    );
    await checkValues([largest], { rows, columns }, 0);
  }

  it('agrees with the oracle for shapes of all kinds', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          groups: fc.integer({ min: 1, max: 40 }),
          size: fc.integer({ min: 1, max: 33 }),
          length: fc.integer({ min: 1, max: 70 }),
          count: fc.integer({ min: 1, max: 40 }),
        }),
        fc.nat(),
        async (shape, seed) => {
          const random = Random.of(seed, 'bytes');
          await expectLargest(
            shape,
            () => random.integer(256),
            () => random.integer(127) - 63,
          );
        },
      ),
      { numRuns: 12 },
    );
  });
  it('adds up the largest numbers that every processor takes without cutting any off', async () => {
    const random = Random.of(1, 'extremes');
    for (const [bytes, numbers] of [
      [[255], [63]],
      [[0], [-63]],
      [[255], [-63]],
      [
        [0, 255],
        [63, -63],
      ],
    ] as const)
      await expectLargest(
        { groups: 9, size: 32, length: 256, count: 17 },
        () => bytes[random.integer(bytes.length)]!,
        () => numbers[random.integer(numbers.length)]!,
      );
  });
  it('refuses rows that are not grouped bytes of the length of the queries', () => {
    const columns = parameter('q', [8, 2]);
    const rows = (shape: number[]) => input('rows', 'uint8', shape);
    expectShapeMismatch(() => largestByteProducts(rows([4, 8]), columns), 'largestByteProducts', '[4, 8]');
    expectShapeMismatch(
      () => largestByteProducts(rows([4, 2, 7]), columns),
      'largestByteProducts',
      '[4, 2, 7]',
    );
    expectShapeMismatch(
      () => largestByteProducts(parameter('r', [4, 2, 8]), columns),
      'largestByteProducts',
      'float32 [4, 2, 8]',
    );
  });
});
