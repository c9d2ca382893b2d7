import { existsSync } from 'node:fs';
import { ImagekinError } from '../../../core/errors.js';
import type { CropRegion } from '../../../image/crop-image.js';

/** An image to search for. */
export type QueryImage = { readonly id: number } | { readonly file: string };

/** One with how much it counts, where that is said. */
export interface WeightedQuery {
  readonly image: QueryImage;
  readonly weight?: number;
  /** As it was written. */
  readonly text: string;
}

/**
 * An image as it is named in a command: `cat.jpg`; `#12` or `id:12` for an image of the collection; either followed by `^2`
 * for its weight. A file that is there is always that file, be there a `^2` in its name or not.
 * @throws `wrong-usage` for a weight or an id that is none
 */
export function readQueryText(text: string): WeightedQuery {
  if (existsSync(text)) return { image: { file: text }, text };
  const [, named, factor] = /^(.+)\^([^^/\\]*)$/s.exec(text) ?? [];
  if (named === undefined) return { image: imageNamed(text), text };
  const weight = factor!.trim() === '' ? Number.NaN : Number(factor);
  if (!(weight > 0 && Number.isFinite(weight)))
    throw new ImagekinError('wrong-usage', {
      where: text,
      expected: 'a weight above 0 behind ^',
      got: factor === '' ? 'nothing' : factor!,
      fix: `write for example ${named}^2; images to be unlike are named by --unlike`,
    });
  return { image: imageNamed(named), weight, text };
}

function imageNamed(name: string): QueryImage {
  const [, digits] = /^(?:#|id:)(.*)$/s.exec(name) ?? [];
  if (digits === undefined) return { file: name };
  const id = Number(digits);
  if (/^\d+$/.test(digits) && id > 0 && id < 2 ** 32) return { id };
  throw new ImagekinError('wrong-usage', {
    where: name,
    expected: 'the id of an image, a whole number from 1',
    got: digits === '' ? 'nothing' : digits,
    fix: `write for example id:12; of a file that is called so, write ./${name}`,
  });
}

/**
 * A part of an image as `--crop` takes it: `x,y,width,height`, in pixels, in per cent (`10%,10%,50%,50%`) or as shares of the
 * image where none is above 1.
 * @throws `wrong-usage`
 */
export function readCrop(text: string): CropRegion {
  const parts = text.split(',').map((part) => part.trim());
  const isPercent = parts.every((part) => part.endsWith('%'));
  const numbers = parts.map((part) => (isPercent ? Number(part.slice(0, -1)) / 100 : Number(part)));
  const wellFormed =
    parts.length === 4 &&
    parts.every((part) => /\d/.test(part)) &&
    numbers.every((n) => Number.isFinite(n) && n >= 0);
  const [x, y, width, height] = numbers as [number, number, number, number];
  const isFraction = isPercent || numbers.every((number) => number <= 1);
  const fits = isFraction
    ? x + width <= 1 + 1e-9 && y + height <= 1 + 1e-9
    : numbers.every((number) => Number.isInteger(number));
  if (wellFormed && fits && width > 0 && height > 0)
    return { unit: isFraction ? 'fraction' : 'pixels', x, y, width, height };
  throw new ImagekinError('wrong-usage', {
    where: '--crop',
    expected: 'x,y,width,height within the image: whole pixels, per cent, or shares from 0 to 1',
    got: `"${text}"`,
    fix: 'write for example --crop 10%,10%,50%,50% or --crop 40,60,300,200',
  });
}
