import { shownPath } from '../../collection/catalog/image-record.js';

/** What decides which of several copies is worth most. */
export interface CopyWorth {
  /** In pixels; `null` where it is not known. */
  readonly width: number | null;
  readonly height: number | null;
  /** Of the file, in bytes. */
  readonly size: number | null;
  /** When the file was last changed, in milliseconds since 1970. */
  readonly mtime: number | null;
  readonly path: string;
  /** Name in an archive; `''` of a file. */
  readonly entry: string;
}

/**
 * Which of two copies is the better one: that of more pixels; then the larger file, which was compressed less; then the older
 * one, which the other was copied from; then that of the shorter path, as copies get longer names and deeper folders; then the
 * first by its path.
 * @returns below 0 where it is the first
 */
export function compareCopies(a: CopyWorth, b: CopyWorth): number {
  const [pathA, pathB] = [shownPath(a), shownPath(b)];
  return (
    pixelsOf(b) - pixelsOf(a) ||
    (b.size ?? 0) - (a.size ?? 0) ||
    (a.mtime ?? Number.MAX_VALUE) - (b.mtime ?? Number.MAX_VALUE) ||
    pathA.length - pathB.length ||
    (pathA < pathB ? -1 : pathA > pathB ? 1 : 0)
  );
}

function pixelsOf({ width, height }: CopyWorth): number {
  return (width ?? 0) * (height ?? 0);
}
