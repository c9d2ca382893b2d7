import type { CollectionMap } from '../../../api/index.js';

/** What is kept of a map; where the images are is beside it, in columns. */
export interface StoredMap extends Pick<CollectionMap, 'images' | 'laidOut' | 'clusters'> {
  readonly trustworthiness: number;
  readonly outliers: readonly {
    readonly id: number;
    readonly cluster: number;
    readonly distance: number;
    readonly outlierScore: number;
  }[];
}

export const mapFile = 'map.json';
