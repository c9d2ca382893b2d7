import type { Neighbourhoods } from '../../evaluation/neighbourhoods.js';
import { outlierScores } from '../../evaluation/outlier-scores.js';
import type { PictureKinship } from '../duplicates/picture-kinship.js';
import type { CheckLimits, Outlier, SuspectedLabel } from './findings.js';
import { foundFile } from './found-file.js';
import type { SurveyedImage } from './survey-images.js';

/** Neighbours beyond the k that are asked for, as copies of an image are not asked about it. */
export const spareNeighbours = 20;

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

/**
 * Images far from their nearest, by `outlierScores` of the mean cosine distance to the k nearest.
 * @returns farthest first
 */
export function outliers(
  images: readonly SurveyedImage[],
  near: Neighbourhoods,
  kinship: PictureKinship,
  { k, outlierScore }: Pick<CheckLimits, 'k' | 'outlierScore'>,
): Outlier[] {
  const distances = images.map((_, image) => {
    const cosines = [...take(others(image, near, kinship), k)].map(({ cosine }) => cosine);
    // All of the many neighbours looked at show the same picture: it is anything but alone.
    if (cosines.length === 0) return 0;
    return Math.max(0, 1 - cosines.reduce((sum, cosine) => sum + cosine, 0) / cosines.length);
  });
  return Array.from(outlierScores(distances), (score, image) => ({ image, score }))
    .filter(({ score }) => score >= outlierScore)
    .sort((a, b) => b.score - a.score)
    .map(({ image, score }) => ({
      ...foundFile(images[image]!.listed),
      distance: distances[image]!,
      score,
    }));
}

function* take<T>(items: Iterable<T>, count: number): Generator<T> {
  let left = count;
  for (const item of items) {
    if (left-- <= 0) return;
    yield item;
  }
}
