import { cosine } from './cosine.js';
import type { Distance } from './distance.js';
import { dot } from './dot.js';
import { squaredEuclidean } from './squared-euclidean.js';

export type { Distance } from './distance.js';

/** The measures that losses take, by name. */
export const distances = {
  cosine,
  dot,
  'squared-euclidean': squaredEuclidean,
} as const satisfies Record<string, Distance>;

export type DistanceName = keyof typeof distances;
