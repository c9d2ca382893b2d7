import { describe, expect, it } from 'vitest';
import { classOrder, inClassOrder } from './class-order.js';

describe('classOrder', () => {
  const order = classOrder(Int32Array.of(2, 0, 2, 0, 0), 4);

  it('puts items of one class side by side, by index', () => {
    expect([...order.indexAt]).toEqual([1, 3, 4, 0, 2]);
    expect([...order.startOf]).toEqual([0, 3, 3, 5, 5]);
  });

  it('says where each item went', () => {
    expect([...order.positionOf]).toEqual([3, 0, 4, 1, 2]);
  });

  it('moves vectors along', () => {
    const vectors = Float32Array.of(0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5);
    expect([...inClassOrder(vectors, 2, order)]).toEqual([1, 1.5, 3, 3.5, 4, 4.5, 0, 0.5, 2, 2.5]);
  });
});
