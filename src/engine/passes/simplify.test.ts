import { describe, expect, it } from 'vitest';
import { evaluate } from '../../../test/oracle/evaluate.js';
import { expectClose } from '../../../test/oracle/expect-close.js';
import { interpret } from '../../../test/oracle/interpreter.js';
import { randomArray } from '../../../test/oracle/random-array.js';
import { add } from '../ops/add.js';
import { constant } from '../ops/constant.js';
import { divide } from '../ops/divide.js';
import { exp } from '../ops/exp.js';
import { gelu } from '../ops/gelu.js';
import { greater } from '../ops/greater.js';
import { input } from '../ops/input.js';
import { matmul } from '../ops/matmul.js';
import { maxPool } from '../ops/max-pool.js';
import { multiply } from '../ops/multiply.js';
import { negate } from '../ops/negate.js';
import { noise } from '../ops/noise.js';
import { parameter } from '../ops/parameter.js';
import { relu } from '../ops/relu.js';
import { subtract } from '../ops/subtract.js';
import { broadcastTo } from '../ops/sum.js';
import { topK } from '../ops/top-k.js';
import { transpose } from '../ops/transpose.js';
import { zeros } from '../ops/zeros.js';
import type { Tensor } from '../tensor.js';
import { follow, topologicalOrder } from '../topological-order.js';
import { simplify } from './simplify.js';

const x = input('x', 'float32', [4, 6]);
const y = input('y', 'float32', [4, 6]);
const row = input('row', 'float32', [1, 6]);

/** What is left of a graph: its operations, inputs before their users. */
function simplified(outputs: readonly Tensor[], bindings?: ReadonlyMap<Tensor, Tensor>): string[] {
  const resolve = simplify(outputs, follow(bindings));
  return topologicalOrder(outputs, resolve).map((node) => node.operation.name);
}

const count = (names: readonly string[], name: string) => names.filter((other) => other === name).length;

describe('directBroadcasts', () => {
  it.each<[string, (a: Tensor, b: Tensor) => Tensor]>([
    ['add', add],
    ['subtract', subtract],
    ['multiply', multiply],
    ['divide', divide],
    ['greater', greater],
  ])('leaves out stretching before %s, on either side', (name, operation) => {
    expect(simplified([operation(x, broadcastTo(row, [4, 6]))])).toEqual(['input', 'input', name]);
    expect(simplified([operation(broadcastTo(row, [4, 6]), x)])).toEqual(['input', 'input', name]);
  });
  it('leaves out several stretchings of one value', () => {
    const twice = broadcastTo(broadcastTo(input('one', 'float32', [1, 1]), [1, 6]), [4, 6]);
    expect(simplified([multiply(x, twice)])).not.toContain('broadcastTo');
  });
  it('finds the value through bindings', () => {
    const p = parameter('p', [4, 6]);
    const bindings = new Map([[p, broadcastTo(row, [4, 6])]]);
    expect(simplified([multiply(x, p)], bindings)).toEqual(['input', 'input', 'multiply']);
  });
  it('keeps a stretching that gives the result its shape', () => {
    const both = multiply(broadcastTo(row, [4, 6]), broadcastTo(input('other', 'float32', [1, 6]), [4, 6]));
    expect(count(simplified([both]), 'broadcastTo')).toBe(1);
    expect(simplified([add(broadcastTo(row, [4, 6]), constant(1))])).toContain('broadcastTo');
  });
  it('keeps a stretching before operations that do not stretch by themselves', () => {
    expect(simplified([matmul(broadcastTo(row, [4, 6]), transpose(y, [1, 0]))])).toContain('broadcastTo');
  });
});

describe('directSigns', () => {
  it('cancels two negations, and any number of pairs', () => {
    expect(simplified([exp(negate(negate(x)))])).toEqual(['input', 'exp']);
    expect(simplified([negate(negate(negate(negate(negate(x)))))])).toEqual(['input', 'negate']);
  });
  it.each<[string, Tensor, string]>([
    ['a + (−b)', add(x, negate(y)), 'subtract'],
    ['(−a) + b', add(negate(x), y), 'subtract'],
    ['a − (−b)', subtract(x, negate(y)), 'add'],
  ])('writes %s without the negation', (_, tensor, name) => {
    expect(simplified([tensor])).toEqual(['input', 'input', name]);
  });
  it('keeps (−a) − b', () => {
    expect(simplified([subtract(negate(x), y)])).toContain('negate');
  });
});

describe('commonSubexpressions', () => {
  it('computes once what is written twice, with all that it is made of', () => {
    const product = () => multiply(exp(x), relu(y));
    expect(simplified([add(product(), negate(exp(product())))])).toHaveLength(7);
  });
  it('does not mind the order of factors and summands, but of other operands', () => {
    expect(count(simplified([multiply(x, y), multiply(y, x)]), 'multiply')).toBe(1);
    expect(count(simplified([add(x, y), add(y, x)]), 'add')).toBe(1);
    expect(count(simplified([subtract(x, y), subtract(y, x)]), 'subtract')).toBe(2);
    expect(
      count(simplified([matmul(x, y, { transposeB: true }), matmul(y, x, { transposeB: true })]), 'matmul'),
    ).toBe(2);
  });
  it('compares constants by their numbers, types and shapes', () => {
    const all = [
      constant([1, 2], [2]),
      constant(Float32Array.of(1, 2), [2]),
      constant([1, 3], [2]),
      constant([1, 2], [2, 1]),
      constant([1, 2], [2], 'int64'),
      zeros([2]),
      zeros([2]),
    ];
    expect(count(simplified(all), 'constant')).toBe(4);
    expect(count(simplified(all), 'zeros')).toBe(1);
  });
  it('tells zero from minus zero, and numbers that are not finite from each other', () => {
    const all = [0, -0, Number.NaN, Infinity, -Infinity].map((value) => constant(value));
    expect(simplified(all)).toHaveLength(5);
  });
  it('compares attributes', () => {
    const swapped = [transpose(x, [1, 0]), transpose(x, [1, 0])];
    expect(count(simplified(swapped), 'transpose')).toBe(1);
    const images = input('images', 'float32', [1, 1, 4, 4]);
    const pools = [1, 2].map((stride) => maxPool(images, { layout: 'NCHW', size: 2, stride }));
    expect(count(simplified(pools), 'maxPool')).toBe(2);
  });
  it('merges operations with several outputs, each with its own', () => {
    const [one, two] = [topK(x, 2), topK(x, 2)];
    const resolve = simplify([one.values, two.indices], follow());
    expect(resolve(two.indices)).toBe(one.indices);
  });
  it('takes noise of one name for one value, and of another for another', () => {
    expect(count(simplified([add(noise('n', [2]), noise('n', [2]))]), 'noise')).toBe(1);
    expect(count(simplified([add(noise('n', [2]), noise('m', [2]))]), 'noise')).toBe(2);
  });
});

describe('simplify', () => {
  it('leaves the value of a graph in which every rewriting applies as it is', async () => {
    const stretched = broadcastTo(row, [4, 6]);
    const tensors = [
      multiply(gelu(x), stretched),
      subtract(negate(negate(x)), negate(multiply(stretched, gelu(x)))),
    ];
    const values = {
      x: randomArray([4, 6], { stream: 'x' }),
      row: randomArray([1, 6], { stream: 'row' }),
    };
    const names = simplified(tensors);
    expect(names).not.toContain('negate');
    expect(count(names, 'gelu')).toBe(1);
    const engine = await evaluate(tensors, values);
    const naive = interpret(tensors, values);
    for (const i of tensors.keys()) expectClose(`tensor ${i}`, engine[i], naive[i].values, 1e-6);
  });
  it('follows what it has replaced, pass after pass', () => {
    // The products are equal only once the stretching is gone, and the sum a difference only then.
    const a = multiply(x, broadcastTo(row, [4, 6]));
    const b = multiply(row, x);
    expect(simplified([add(a, negate(b))])).toEqual(['input', 'input', 'multiply', 'subtract']);
  });
  it('goes through deep graphs', () => {
    let deep: Tensor = x;
    for (let i = 0; i < 5000; i++) deep = negate(negate(deep));
    expect(simplified([deep])).toEqual(['input']);
  });
});
