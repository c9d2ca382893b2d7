import { bytes, count, time } from '../../ui/format.js';
import type { Copy } from './decisions.js';

/** One line of the comparison: what is known of each copy, and which of them is ahead. */
export interface Fact {
  readonly name: string;
  readonly values: readonly string[];
  /** Whether all copies agree. */
  readonly same: boolean;
  /** Index of the copies that are better than the others by it; none where that means nothing. */
  readonly ahead: readonly number[];
}

export function factsOf(images: readonly Copy[]): Fact[] {
  const facts = [
    fact(
      'Size',
      images.map(dimensions),
      images.map(({ width, height }) => (width ?? 0) * (height ?? 0)),
    ),
    fact(
      'File',
      images.map((image) => (image.bytes === null ? 'unknown' : bytes(image.bytes))),
      images.map((image) => image.bytes ?? 0),
    ),
    fact(
      'Format',
      images.map(({ path }) => formatOf(path)),
    ),
    fact(
      'Changed',
      images.map(({ modifiedAt }) => (modifiedAt === null ? 'unknown' : time(modifiedAt))),
    ),
    fact(
      'Label',
      images.map(({ label }) => label ?? 'none'),
    ),
  ];
  return facts;
}

function fact(name: string, values: string[], figures?: number[]): Fact {
  const same = values.every((value) => value === values[0]);
  const most = Math.max(...(figures ?? []));
  const ahead = figures && !same ? figures.flatMap((figure, at) => (figure === most ? [at] : [])) : [];
  return { name, values, same, ahead };
}

export function dimensions({ width, height }: Pick<Copy, 'width' | 'height'>): string {
  return width === null || height === null ? 'unknown' : `${count(width)} × ${count(height)}`;
}

function formatOf(path: string): string {
  return /\.(\w{1,5})$/.exec(path)?.[1]?.toUpperCase() ?? 'unknown';
}

/** Paths in two parts: the folders that all have in common, and what differs. */
export function pathsApart(paths: readonly string[]): { common: string; rest: string[] } {
  const first = paths[0] ?? '';
  let end = 0;
  for (let at = 0; at < first.length && paths.every((path) => path[at] === first[at]); at++) {
    if (first[at] === '/' || first[at] === '\\') end = at + 1;
  }
  return { common: first.slice(0, end), rest: paths.map((path) => path.slice(end)) };
}

/** How a copy stands to the best one, in words. */
export function roleText(role: Copy['role'], distance: number): string {
  if (role === 'keep') return 'Best';
  if (role === 'exact') return 'Same bytes';
  return distance === 0 ? 'Same picture' : `Nearly the same, ${distance} of 64 bits differ`;
}
