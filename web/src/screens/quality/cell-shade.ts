/** Above it, a cell has its full colour, and text in it the other ink. */
const strongFrom = 0.62;

export function isStrong(share: number): boolean {
  return Math.sqrt(share) > strongFrom;
}

/**
 * How much of its colour a cell has, from 0 to 1. By the root of its share, so that a few mistakes among many images are seen;
 * between 0.55 and 0.88 it has none, as neither ink could be read well there.
 */
export function shadeOf(share: number): number {
  const root = Math.sqrt(share);
  return isStrong(share)
    ? 0.88 + (0.12 * (root - strongFrom)) / (1 - strongFrom)
    : (0.55 * root) / strongFrom;
}
