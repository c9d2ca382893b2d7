import { type Colour, reflect, white } from './affine-sample.js';
import type { Size } from './image.js';

/** A mirroring, then a shift by whole pixels to the right and down. */
export interface Shift {
  readonly mirrored: boolean;
  readonly shiftX: number;
  readonly shiftY: number;
}

/**
 * Writes a mirrored, shifted copy of an image: what sampling gives for such a map, to the bit, for a fraction of the work.
 */
export function shiftedCopy(
  source: Uint8Array,
  sourceOffset: number,
  target: Uint8Array,
  targetOffset: number,
  { width, height }: Size,
  { mirrored, shiftX, shiftY }: Shift,
  background: Colour | 'reflect',
): void {
  const folded = background === 'reflect';
  const [red, green, blue] = folded ? white : background;
  const columns = sources(width, shiftX, folded);
  const rows = sources(height, shiftY, folded);
  if (mirrored) for (let x = 0; x < width; x++) if (columns[x]! >= 0) columns[x] = width - 1 - columns[x]!;
  let to = targetOffset;
  for (let y = 0; y < height; y++) {
    const fromY = rows[y]!;
    const row = sourceOffset + fromY * width * 3;
    for (let x = 0; x < width; x++) {
      const fromX = columns[x]!;
      if (fromX < 0 || fromY < 0) {
        target[to] = red;
        target[to + 1] = green;
        target[to + 2] = blue;
      } else {
        const from = row + fromX * 3;
        target[to] = source[from]!;
        target[to + 1] = source[from + 1]!;
        target[to + 2] = source[from + 2]!;
      }
      to += 3;
    }
  }
}

/** Where each position of an axis comes from; −1 for beyond the image. */
function sources(length: number, shift: number, folded: boolean): Int32Array {
  const places = new Int32Array(length);
  for (let at = 0; at < length; at++) {
    const from = at - shift;
    if (folded) places[at] = reflect(from, length);
    else places[at] = from >= 0 && from < length ? from : -1;
  }
  return places;
}
