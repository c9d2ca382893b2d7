import type { Crop } from '../api.js';

/** Sides of a region that a hand or key moves; both of an axis, or none, move the whole. */
export interface Sides {
  readonly left?: boolean;
  readonly right?: boolean;
  readonly top?: boolean;
  readonly bottom?: boolean;
}

export const wholeImage: Crop = { x: 0, y: 0, width: 1, height: 1 };

/** A region smaller than this share of a side shows nothing that could be searched for. */
export const leastShare = 0.04;

/** The region with some sides moved, as shares of the image; it stays within the image and does not turn over. */
export function movedSides(region: Crop, sides: Sides, dx: number, dy: number): Crop {
  const [x, width] = movedAxis(region.x, region.width, sides.left, sides.right, dx);
  const [y, height] = movedAxis(region.y, region.height, sides.top, sides.bottom, dy);
  return { x, y, width, height };
}

export function movedWhole(region: Crop, dx: number, dy: number): Crop {
  return {
    ...region,
    x: clamp(region.x + dx, 0, 1 - region.width),
    y: clamp(region.y + dy, 0, 1 - region.height),
  };
}

/** The region between two points, wherever they lie. */
export function regionBetween(fromX: number, fromY: number, toX: number, toY: number): Crop {
  const [left, right] = ordered(clamp(fromX, 0, 1), clamp(toX, 0, 1));
  const [top, bottom] = ordered(clamp(fromY, 0, 1), clamp(toY, 0, 1));
  const width = Math.max(leastShare, right - left);
  const height = Math.max(leastShare, bottom - top);
  return { x: Math.min(left, 1 - width), y: Math.min(top, 1 - height), width, height };
}

/** Whether a region is the image itself, or nearly: then nothing is cropped. */
export function isWhole({ x, y, width, height }: Crop): boolean {
  return x < 0.005 && y < 0.005 && width > 0.99 && height > 0.99;
}

function movedAxis(start: number, length: number, low = false, high = false, by: number): [number, number] {
  const end = start + length;
  const from = low ? clamp(start + by, 0, end - leastShare) : start;
  const to = high ? clamp(end + by, from + leastShare, 1) : end;
  return [from, to - from];
}

function ordered(a: number, b: number): [number, number] {
  return a <= b ? [a, b] : [b, a];
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), Math.max(least, most));
}
