import { equalGroups, nearGroups } from '../duplicates/copy-groups.js';
import type { PictureKinship } from '../duplicates/picture-kinship.js';
import type { ExactDuplicates, FoundFile, Leak, NearDuplicates, SmallClass } from './findings.js';
import { foundFile } from './found-file.js';
import type { SurveyedImage, UnusableImage } from './survey-images.js';

/** Groups of files of the same bytes, largest first. */
export function exactDuplicates(images: readonly SurveyedImage[]): ExactDuplicates[] {
  return equalGroups(images.map(({ sha256 }) => sha256))
    .sort((a, b) => b.length - a.length || a[0]! - b[0]!)
    .map((members) => {
      const files = members.map((image) => foundFile(images[image]!.listed));
      return { sha256: images[members[0]!]!.sha256, files, labelsDiffer: labelsDiffer(files) };
    });
}

/** Groups of images that show the same picture, but are different files: of files of the same bytes there is one. */
export function nearDuplicates(
  images: readonly SurveyedImage[],
  kinship: PictureKinship,
  order: readonly number[],
): NearDuplicates[] {
  const groups: NearDuplicates[] = [];
  for (const { members, distance } of nearGroups(kinship, order)) {
    const distinct = new Map<string, number>();
    for (const member of members)
      if (!distinct.has(images[member]!.sha256)) distinct.set(images[member]!.sha256, member);
    if (distinct.size < 2) continue;
    const files = [...distinct.values()].map((member) => foundFile(images[member]!.listed));
    groups.push({ files, distance, labelsDiffer: labelsDiffer(files) });
  }
  return groups.sort((a, b) => a.distance - b.distance);
}

const splitOrder = ['test', 'val', 'train'] as const;

/** Where a split gives up its images: those that are tested on stay. */
export function splitRank({ split }: { readonly split?: FoundFile['split'] | undefined }): number {
  return split ? splitOrder.indexOf(split) : splitOrder.length;
}

/** Copies and near duplicates that stand in different splits. */
export function leaks(images: readonly SurveyedImage[], kinship: PictureKinship): Leak[] {
  const bySplit = (members: Iterable<number>) =>
    [...members].map((image) => foundFile(images[image]!.listed)).sort((a, b) => splitRank(a) - splitRank(b));
  const crosses = (members: readonly number[]) =>
    new Set(members.map((image) => images[image]!.listed.split).filter(Boolean)).size > 1;
  const exact = equalGroups(images.map(({ sha256 }) => sha256))
    .filter(crosses)
    .map((members): Leak => ({ kind: 'exact', files: bySplit(members), distance: 0 }));

  // Every edge joins two splits, so that a chain of them is a leak as well.
  const joined = new DisjointSets(kinship.imagesOf.length);
  const distances = new Map<number, number>();
  const leaking = new Set<number>();
  for (const { a, b } of kinship.pairs())
    if (crosses([...kinship.imagesOf[a]!, ...kinship.imagesOf[b]!])) {
      joined.join(a, b);
      leaking.add(a).add(b);
    }
  for (const [picture, members] of kinship.imagesOf.entries()) {
    const distinct = new Set(members.map((image) => images[image]!.sha256)).size;
    if (distinct > 1 && crosses(members)) leaking.add(picture);
  }
  for (const { a, b, distance } of kinship.pairs())
    if (leaking.has(a) && leaking.has(b) && joined.rootOf(a) === joined.rootOf(b))
      distances.set(joined.rootOf(a), Math.max(distance, distances.get(joined.rootOf(a)) ?? 0));
  const members = new Map<number, number[]>();
  for (const picture of leaking) {
    const root = joined.rootOf(picture);
    members.set(root, [...(members.get(root) ?? []), ...kinship.imagesOf[picture]!]);
  }
  const near = [...members]
    .filter(([, group]) => new Set(group.map((image) => images[image]!.sha256)).size > 1)
    .map(
      ([root, group]): Leak => ({
        kind: 'near',
        files: bySplit(group.sort((a, b) => a - b)),
        distance: distances.get(root) ?? 0,
      }),
    );
  return [...exact, ...near];
}

/** Classes with fewer images than they need, smallest first. A class whose files are all unusable has none. */
export function smallClasses(
  images: readonly SurveyedImage[],
  unusable: readonly UnusableImage[],
  minImages: number,
): SmallClass[] {
  const distinct = new Map<string, Set<string>>();
  const of = (label: string) => distinct.get(label) ?? distinct.set(label, new Set()).get(label)!;
  for (const { listed, sha256 } of images) if (listed.label !== undefined) of(listed.label).add(sha256);
  for (const { listed } of unusable) if (listed.label !== undefined) of(listed.label);
  return [...distinct]
    .map(([label, { size }]) => ({ label, images: size }))
    .filter((one) => one.images < minImages)
    .sort((a, b) => a.images - b.images || (a.label < b.label ? -1 : 1));
}

function labelsDiffer(files: readonly FoundFile[]): boolean {
  return new Set(files.map(({ label }) => label)).size > 1;
}

/** Union-find, with path halving. */
class DisjointSets {
  private readonly parent: Int32Array;

  constructor(count: number) {
    this.parent = Int32Array.from({ length: count }, (_, i) => i);
  }

  rootOf(item: number): number {
    let at = item;
    while (this.parent[at] !== at) {
      this.parent[at] = this.parent[this.parent[at]!]!;
      at = this.parent[at]!;
    }
    return at;
  }

  join(a: number, b: number): void {
    this.parent[this.rootOf(a)] = this.rootOf(b);
  }
}
