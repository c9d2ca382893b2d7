import type { Image } from '../image/image.js';
import type { Figure } from './figure.js';
import type { Heading } from './heading.js';
import { type TileRow, tileRows } from './tile-rows.js';

/** Two images of one class, as a training batch holds them. */
export interface AnchorPositive {
  readonly anchor: Image;
  readonly positive: Image;
  readonly className: string;
}

export interface BatchCollageOptions extends Heading {
  /** Pairs beside one another. */
  readonly columns?: number;
  readonly tilePx?: number;
}

/** A training batch: a row of anchors, below each its positive, in as many bands as the batch needs. */
export function batchCollage(
  pairs: readonly AnchorPositive[],
  { columns = 10, tilePx = 64, title, subtitle }: BatchCollageOptions = {},
): Promise<Figure> {
  const rows: TileRow[] = [];
  for (let start = 0; start < pairs.length; start += columns) {
    const band = pairs.slice(start, start + columns);
    rows.push({ label: 'anchor', tiles: band.map(({ anchor: image }) => ({ image })), opensGroup: true });
    rows.push({
      label: 'positive',
      tiles: band.map(({ positive: image, className: caption }) => ({ image, caption })),
    });
  }
  return tileRows({
    title,
    subtitle,
    rows,
    columns,
    tilePx,
    flows: false,
    alt: `A training batch of ${pairs.length} pairs of images, an anchor above its positive of the same class`,
  });
}
