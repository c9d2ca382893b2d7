import { dirname } from 'node:path';
import { csvField, manifestPathOf } from '../../data/listings/write-manifest.js';
import { locationName } from '../../image/image-location.js';
import type { PictureKinship } from '../duplicates/picture-kinship.js';
import { splitRank } from './duplicate-findings.js';
import type { RemovedFile, SuspectedLabel } from './findings.js';
import type { SurveyedImage, UnusableImage } from './survey-images.js';

/** What a manifest keeps, in the order of the source, and what it leaves out. */
export interface Cleaning {
  readonly kept: readonly number[];
  readonly removed: readonly RemovedFile[];
}

/**
 * Leaves out what does not decode, and of all images that show the same picture all but one. The first in `order` is
 * kept, so that every image left out has one near it that stays.
 */
export function cleaning(
  images: readonly SurveyedImage[],
  unusable: readonly UnusableImage[],
  kinship: PictureKinship,
  order: readonly number[],
): Cleaning {
  /** The image that is kept of each picture, or of one near it. */
  const keeperOf = new Int32Array(kinship.imagesOf.length).fill(-1);
  const keeper = new Int32Array(images.length).fill(-1);
  for (const image of order) {
    const picture = kinship.pictureOf[image]!;
    keeper[image] = keeperOf[picture]!;
    if (keeperOf[picture] !== -1) continue;
    keeperOf[picture] = image;
    for (const kin of kinship.kinOf(picture)) if (keeperOf[kin.picture] === -1) keeperOf[kin.picture] = image;
  }
  const kept = [...images.keys()].filter((image) => keeper[image] === -1);
  const removed = unusable.map(({ listed, empty }): RemovedFile => {
    return { path: locationName(listed.location), reason: empty ? 'empty' : 'corrupt', kept: null };
  });
  for (const [image, { listed, sha256 }] of images.entries()) {
    if (keeper[image] === -1) continue;
    const stays = images[keeper[image]!]!;
    const copy = stays.sha256 === sha256 ? 'exact-duplicate' : 'near-duplicate';
    const leaks = listed.split !== stays.listed.split;
    removed.push({
      path: locationName(listed.location),
      reason: leaks ? 'leak' : copy,
      kept: locationName(stays.listed.location),
    });
  }
  return { kept, removed };
}

/** Which image of several that show the same is worth most: of the test split, of the most pixels, first in the source. */
export function keepingOrder(images: readonly SurveyedImage[]): number[] {
  return [...images.keys()].sort(
    (a, b) =>
      splitRank(images[a]!.listed) - splitRank(images[b]!.listed) ||
      pixelCount(images[b]!) - pixelCount(images[a]!) ||
      a - b,
  );
}

function pixelCount({ size }: SurveyedImage): number {
  return size.width * size.height;
}

/**
 * A manifest of the images kept, as RFC 4180 has CSV: path (relative to the manifest), label, split, suspected_label,
 * and whatever else their source says of them.
 */
export function manifestCsv(
  images: readonly SurveyedImage[],
  kept: readonly number[],
  suspected: readonly SuspectedLabel[],
  manifestPath: string,
): string {
  const suggestionFor = new Map(suspected.map(({ path, suggested }) => [path, suggested]));
  const ids = kept.some((image) => {
    const { id, location } = images[image]!.listed;
    return !locationName(location).endsWith(id);
  });
  const own = ['path', 'label', 'split', ...(ids ? ['id'] : []), 'suspected_label'];
  const further = new Set<string>();
  for (const image of kept)
    for (const key of Object.keys(images[image]!.listed.metadata ?? {}))
      if (!own.includes(key)) further.add(key);
  const lines = kept.map((image) => {
    const { id, location, label, split, metadata = {} } = images[image]!.listed;
    const name = locationName(location);
    const fields = [
      manifestPathOf(dirname(manifestPath), name),
      label,
      split,
      ...(ids ? [id] : []),
      suggestionFor.get(name),
    ];
    return [...fields, ...[...further].map((key) => metadata[key])];
  });
  return [[...own, ...further], ...lines].map((line) => `${line.map(csvField).join(',')}\n`).join('');
}
