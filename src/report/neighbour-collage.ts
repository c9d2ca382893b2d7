import type { Figure } from './figure.js';
import type { Heading } from './heading.js';
import type { Tile } from './tile.js';
import { tileRows } from './tile-rows.js';

/** A query and its nearest images, nearest first. */
export interface QueryNeighbours {
  readonly query: Tile;
  readonly neighbours: readonly Tile[];
}

export interface NeighbourCollageOptions extends Heading {
  readonly tilePx?: number;
}

/** One row per query: the query set apart, then its neighbours, with the border of their verdicts. */
export function neighbourCollage(
  examples: readonly QueryNeighbours[],
  { tilePx = 64, title, subtitle }: NeighbourCollageOptions = {},
): Promise<Figure> {
  const neighbours = examples.flatMap((example) => example.neighbours);
  const same = neighbours.filter(({ verdict }) => verdict === 'same').length;
  return tileRows({
    title,
    subtitle,
    rows: examples.map(({ query, neighbours: tiles }) => ({ lead: query, tiles })),
    columns: Math.max(1, ...examples.map((example) => example.neighbours.length)),
    tilePx,
    flows: false,
    alt: `${examples.length} queries, each with its nearest images; ${same} of ${neighbours.length} have the class of their query`,
  });
}
