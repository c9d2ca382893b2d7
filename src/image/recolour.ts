import type { Size } from './image.js';

/** Which channel stands in the place of red, green and blue. */
export type ChannelOrder = readonly [number, number, number];

/**
 * Mirrors an image left to right, exchanges its channels, or both, where it lies.
 * @param pixels holds the image, uint8 [size.height, size.width, 3], from `offset` on
 */
export function mirrorAndRecolour(
  pixels: Uint8Array,
  offset: number,
  { width, height }: Size,
  { mirror, channels }: { readonly mirror: boolean; readonly channels: ChannelOrder },
): void {
  const [red, green, blue] = channels;
  const row = new Uint8Array(width * 3);
  for (let y = 0; y < height; y++) {
    const start = offset + y * width * 3;
    row.set(pixels.subarray(start, start + width * 3));
    for (let x = 0; x < width; x++) {
      const from = (mirror ? width - 1 - x : x) * 3;
      const to = start + x * 3;
      pixels[to] = row[from + red]!;
      pixels[to + 1] = row[from + green]!;
      pixels[to + 2] = row[from + blue]!;
    }
  }
}
