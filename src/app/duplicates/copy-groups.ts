import type { PictureKinship } from './picture-kinship.js';

/** Images of which all but the first could go. */
export interface NearGroup {
  /** The first is the one that comes first in the order given; all others show what it shows. */
  readonly members: readonly number[];
  /** Bits by which hashes differ from that of the first, at most. */
  readonly distance: number;
}

/**
 * Images that have equal keys, such as the SHA-256 of their bytes; those without a key are equal to none.
 * @returns the members of each group of two or more, in their order
 */
export function equalGroups(keys: readonly (string | null)[]): number[][] {
  const members = new Map<string, number[]>();
  for (const [image, key] of keys.entries()) {
    if (key === null) continue;
    const known = members.get(key);
    if (known) known.push(image);
    else members.set(key, [image]);
  }
  return [...members.values()].filter((group) => group.length > 1);
}

/**
 * Groups of images that show the same picture, exact copies among them. A group is a picture and what is near to that one:
 * were what is near to something near counted as well, a chain of small changes would join what is not alike.
 *
 * @param order all images; the one that comes first in it is the first of its group
 */
export function nearGroups(kinship: PictureKinship, order: readonly number[]): NearGroup[] {
  const taken = new Uint8Array(kinship.imagesOf.length);
  const groups: NearGroup[] = [];
  for (const image of order) {
    const picture = kinship.pictureOf[image]!;
    if (taken[picture]) continue;
    const near = kinship.kinOf(picture).filter((kin) => !taken[kin.picture]);
    const members = [image, ...kinship.imagesOf[picture]!.filter((other) => other !== image)];
    for (const kin of near) members.push(...kinship.imagesOf[kin.picture]!);
    if (members.length < 2) continue;
    for (const one of [picture, ...near.map((kin) => kin.picture)]) taken[one] = 1;
    groups.push({ members, distance: Math.max(0, ...near.map((kin) => kin.distance)) });
  }
  return groups;
}
