import { ImagekinError } from '../../core/errors.js';

export interface FilterFault {
  readonly expected: string;
  readonly got: string;
  readonly fix: string;
  /** Where in the text, counted in UTF-16 units. */
  readonly at: number;
}

/** So much of a long filter is shown on each side of the place. */
const shownAround = 60;

export function filterError(text: string, { expected, got, fix, at }: FilterFault): ImagekinError {
  const from = Math.max(0, at - shownAround);
  const line = text.slice(from, at + shownAround).replace(/\s/g, ' ');
  return new ImagekinError('filter-invalid', {
    where: `filter, character ${at + 1}`,
    expected,
    got,
    fix,
    // By characters as they are seen, not by their UTF-16 units.
    shown: `  ${line}\n  ${' '.repeat([...text.slice(from, at)].length)}^`,
  });
}
