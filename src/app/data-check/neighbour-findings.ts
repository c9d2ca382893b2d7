import { nearestNeighbours } from '../../engine/index.js';
import type { CheckLimits, Outlier, SuspectedLabel } from './findings.js';
import { foundFile } from './found-file.js';
import type { PictureKinship } from './picture-kinship.js';
import type { SurveyedImage } from './survey-images.js';

/** The nearest others of every image in a model's embedding. */
export interface Neighbourhoods {
  /** Neighbours per image. */
  readonly width: number;
  /** int32 [images, width]: nearest first; −1 past the last. */
  readonly indices: Int32Array;
  /** float32 [images, width]: cosines. */
  readonly cosines: Float32Array;
}

/** Neighbours beyond the k that are asked for, as copies of an image are not asked about it. */
const spare = 20;

export async function neighbourhoods(
  embeddings: Float32Array,
  dimension: number,
  k: number,
  options: { readonly threads?: number; readonly signal?: AbortSignal } = {},
): Promise<Neighbourhoods> {
  const count = embeddings.length / dimension;
  const width = Math.max(0, Math.min(k + spare, count - 1));
  const indices = new Int32Array(count * width);
  const cosines = new Float32Array(count * width);
  if (width > 0)
    for await (const block of nearestNeighbours({
      queries: embeddings,
      gallery: embeddings,
      dimension,
      k: width,
      excludeSelf: true,
      ...options,
    })) {
      indices.set(block.indices, block.firstQuery * width);
      cosines.set(block.scores, block.firstQuery * width);
    }
  return { width, indices, cosines };
}

/** How many of the nearest may show the same picture. */
const nearest = 3;

/** Every image with its nearest few: candidates for near duplicates. */
export function* nearestPairs({ width, indices }: Neighbourhoods): Generator<readonly [number, number]> {
  for (let image = 0; image * width < indices.length; image++)
    for (const neighbour of indices.subarray(image * width, image * width + Math.min(nearest, width)))
      if (neighbour >= 0) yield [image, neighbour];
}

interface Neighbour {
  readonly image: number;
  readonly cosine: number;
}

/**
 * The neighbours of an image, but one of each picture, and none that shows the picture of the image itself: copies would
 * only repeat what one has said.
 */
function* others(
  image: number,
  { width, indices, cosines }: Neighbourhoods,
  kinship: PictureKinship,
): Generator<Neighbour> {
  const met = [image];
  for (let at = image * width; at < (image + 1) * width; at++) {
    const neighbour = indices[at]!;
    if (neighbour < 0 || met.some((one) => kinship.areKin(one, neighbour))) continue;
    met.push(neighbour);
    yield { image: neighbour, cosine: cosines[at]! };
  }
}

/** Fewer voters than this say nothing. */
const leastVoters = 3;

/**
 * The vote of the nearest neighbours on every label (Wilson 1972, "Asymptotic Properties of Nearest Neighbor Rules Using
 * Edited Data"). An image of a class with fewer than k others has only as many voters as that, since its class could not
 * win otherwise, and none where these are fewer than three.
 *
 * @returns surest first; `null` where there are not two classes
 */
export function suspectedLabels(
  images: readonly SurveyedImage[],
  near: Neighbourhoods,
  kinship: PictureKinship,
  { k, labelConfidence }: Pick<CheckLimits, 'k' | 'labelConfidence'>,
): SuspectedLabel[] | null {
  const sizes = new Map<string, number>();
  for (const { listed } of images)
    if (listed.label !== undefined) sizes.set(listed.label, (sizes.get(listed.label) ?? 0) + 1);
  if (sizes.size < 2) return null;
  const suspected: SuspectedLabel[] = [];
  for (const [image, { listed }] of images.entries()) {
    const { label } = listed;
    if (label === undefined) continue;
    const most = Math.min(k, sizes.get(label)! - 1);
    const voters: number[] = [];
    for (const other of others(image, near, kinship)) {
      if (voters.length >= most) break;
      if (images[other.image]!.listed.label !== undefined) voters.push(other.image);
    }
    if (voters.length < leastVoters) continue;
    const votes = new Map<string, number>();
    for (const voter of voters) {
      const voted = images[voter]!.listed.label!;
      votes.set(voted, (votes.get(voted) ?? 0) + 1);
    }
    // Votes are in the order of their first, nearest voter, who decides where numbers are equal.
    const [suggested, won] = [...votes].reduce((best, vote) => (vote[1] > best[1] ? vote : best));
    const ownVotes = votes.get(label) ?? 0;
    const confidence = (won - ownVotes) / voters.length;
    if (suggested === label || confidence < labelConfidence) continue;
    const { path, split } = foundFile(listed);
    suspected.push({
      path,
      label,
      split,
      suggested,
      votes: won,
      ownVotes,
      k: voters.length,
      confidence,
      neighbours: voters.map((voter) => foundFile(images[voter]!.listed)),
    });
  }
  return suspected.sort((a, b) => b.confidence - a.confidence || b.votes - a.votes);
}

/** Of fewer images the usual cannot be told from the unusual. */
const leastImages = 20;

/**
 * Images far from their nearest: the mean cosine distance d to the k nearest (Angiulli and Pizzuti 2002, "Fast Outlier
 * Detection in High Dimensional Spaces", who take the sum), its logarithm held against the median of all by the median
 * absolute deviation: 0.6745 (ln d − median) / MAD, the modified z-score of Iglewicz and Hoaglin (1993). Where a model
 * was trained on these classes most distances are tiny and many are not: without the logarithm all of those stand out.
 *
 * @returns farthest first
 */
export function outliers(
  images: readonly SurveyedImage[],
  near: Neighbourhoods,
  kinship: PictureKinship,
  { k, outlierScore }: Pick<CheckLimits, 'k' | 'outlierScore'>,
): Outlier[] {
  if (images.length < leastImages) return [];
  const distances = images.map((_, image) => {
    const cosines = [...take(others(image, near, kinship), k)].map(({ cosine }) => cosine);
    // All of the many neighbours looked at show the same picture: it is anything but alone.
    const mean = cosines.reduce((sum, cosine) => sum + cosine, 0) / Math.max(1, cosines.length);
    return cosines.length === 0 ? leastDistance : Math.max(leastDistance, 1 - mean);
  });
  const logarithms = distances.map(Math.log);
  const centre = median(logarithms);
  const spread = median(logarithms.map((value) => Math.abs(value - centre)));
  if (spread === 0) return [];
  return logarithms
    .map((value, image) => ({ image, score: (0.6745 * (value - centre)) / spread }))
    .filter(({ score }) => score >= outlierScore)
    .sort((a, b) => b.score - a.score)
    .map(({ image, score }) => ({
      ...foundFile(images[image]!.listed),
      distance: distances[image]!,
      score,
    }));
}

/** What float32 can tell from nothing. */
const leastDistance = 1e-6;

function* take<T>(items: Iterable<T>, count: number): Generator<T> {
  let left = count;
  for (const item of items) {
    if (left-- <= 0) return;
    yield item;
  }
}

function median(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
