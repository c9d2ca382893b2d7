import { shapeMismatch } from '../shape.js';
import type { Tensor } from '../tensor.js';
import { type Layout, spatialAxes } from './conv2d/geometry.js';
import { slice } from './slice.js';

/** Drops what is left over at the end of an axis behind blocks of a size. */
export function wholeBlocks(x: Tensor, axis: number, size: number): Tensor {
  const length = x.shape[axis] as number;
  const whole = wholeLength(length, size);
  return whole === length ? x : slice(x, axis, 0, whole);
}

/** The largest multiple of a block's size up to a length. */
export function wholeLength(length: number, size: number): number {
  return length - (length % size);
}

/** @throws `shape-mismatch` where x is no images of a layout that hold at least one block */
export function requireBlock(name: string, x: Tensor, layout: Layout, size: number): void {
  if (
    x.dtype === 'float32' &&
    x.rank === 4 &&
    spatialAxes(layout).every((axis) => (x.shape[axis] as number) >= size)
  )
    return;
  throw shapeMismatch(
    name,
    `float32 ${layout} images of at least ${size}×${size} pixels`,
    [x],
    'pool less or pad them',
  );
}
