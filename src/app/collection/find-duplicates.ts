import type { Collection } from '../../collection/collection.js';
import type { OnProgress } from '../../core/progress.js';
import { nearestNeighbours } from '../../engine/index.js';
import type { PerceptualPrint } from '../../image/perceptual-hash.js';
import { decodePrint, printLength } from '../../image/print-bytes.js';
import { compareCopies } from '../duplicates/best-copy.js';
import { equalGroups, nearGroups } from '../duplicates/copy-groups.js';
import { PictureKinship } from '../duplicates/picture-kinship.js';

export const duplicateKinds = ['exact', 'near', 'all'] as const;
export type DuplicateKind = (typeof duplicateKinds)[number];

/** What is known of an image here, for there may be very many. */
export interface Candidate {
  readonly id: number;
  readonly path: string;
  readonly entry: string;
  readonly sha256: string | null;
  readonly size: number | null;
  readonly mtime: number | null;
  readonly width: number | null;
  readonly height: number | null;
  readonly label: string | null;
}

/** Images of which one is enough. */
export interface DuplicateGroup {
  /** `exact` where all are of the same bytes. */
  readonly kind: 'exact' | 'near';
  /** The best one first. */
  readonly members: readonly Candidate[];
  /** Bits by which hashes differ from that of the best one, at most. */
  readonly distance: number;
}

export interface FoundDuplicates {
  /** Images that were looked at. */
  readonly images: number;
  /** Those that there is no print of: they are compared by their bytes alone. */
  readonly withoutPrint: number;
  /** Whether neighbours by the model were compared as well. */
  readonly neighboursCompared: boolean;
  readonly groups: readonly DuplicateGroup[];
}

export interface FindDuplicatesOptions {
  readonly kind: DuplicateKind;
  /** Bits of 64 by which the hashes of pictures that are compared may differ. */
  readonly nearDistance: number;
  readonly threads?: number;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/** Of more images not every one's neighbours are looked for: that is a product of all vectors with all. */
const mostForNeighbours = 100_000;
/** How many of the nearest may show the same picture. */
const nearest = 3;

/**
 * The images of a collection that are copies of one another: by their bytes; and by their prints, whose hashes, and the
 * neighbours by the model, say which may show the same.
 */
export async function findDuplicates(
  collection: Collection,
  options: FindDuplicatesOptions,
): Promise<FoundDuplicates> {
  const { kind, nearDistance, threads, onProgress, signal } = options;
  const images: Candidate[] = [];
  for (const image of collection.catalog.images.each()) {
    const { id, path, entry, sha256, size, mtime, width, height, label } = image;
    images.push({ id, path, entry, sha256, size, mtime, width, height, label });
  }
  images.sort(compareCopies);
  const exact = equalGroups(images.map(({ sha256 }) => sha256)).map(
    (members): DuplicateGroup => ({
      kind: 'exact',
      members: members.map((image) => images[image]!),
      distance: 0,
    }),
  );
  if (kind === 'exact')
    return {
      images: images.length,
      withoutPrint: 0,
      neighboursCompared: false,
      groups: largestFirst(exact),
    };

  const { printed, prints } = printsOf(collection, images);
  const inPrinted = new Map([...printed].map((image, at) => [images[image]!.id, at]));
  const neighboursCompared = collection.vectors.count() <= mostForNeighbours;
  const pairs = neighboursCompared ? await neighbourPairs(collection, inPrinted, threads, signal) : [];
  const kinship = await PictureKinship.among(prints, nearDistance, pairs, {
    onProgress: (done) =>
      onProgress?.({ task: 'comparing pictures', done, total: prints.length, unit: 'images' }),
    signal,
  });
  const near = nearGroups(kinship, [...printed.keys()]).map(({ members, distance }): DuplicateGroup => {
    const found = members.map((at) => images[printed[at]!]!).sort(compareCopies);
    const first = found[0]!.sha256;
    const same = first !== null && found.every(({ sha256 }) => sha256 === first);
    return { kind: same ? 'exact' : 'near', members: found, distance };
  });
  const groups =
    kind === 'near'
      ? near.map(oneOfEach).filter(({ members }) => members.length > 1)
      : [...near, ...exact.filter(({ members }) => !inPrinted.has(members[0]!.id))];
  return {
    images: images.length,
    withoutPrint: images.length - printed.length,
    neighboursCompared,
    groups: largestFirst(groups),
  };
}

/** Of files of the same bytes the best. */
function oneOfEach(group: DuplicateGroup): DuplicateGroup {
  const seen = new Set<string>();
  const members = group.members.filter(({ sha256 }) => {
    if (sha256 === null) return true;
    if (seen.has(sha256)) return false;
    seen.add(sha256);
    return true;
  });
  return { ...group, members };
}

/** Those that are surest and largest first; then by the path of what is kept. */
function largestFirst(groups: readonly DuplicateGroup[]): DuplicateGroup[] {
  const rank = ({ kind }: DuplicateGroup) => (kind === 'exact' ? 0 : 1);
  return [...groups].sort(
    (a, b) =>
      rank(a) - rank(b) ||
      b.members.length - a.members.length ||
      (a.members[0]!.path < b.members[0]!.path ? -1 : 1),
  );
}

/** The images that there is a print of, ascending, and their prints. Files of the same bytes have the same. */
function printsOf(collection: Collection, images: readonly Candidate[]) {
  const byId = new Map(images.map(({ id }, image) => [id, image]));
  const printAt = new Map<number, PerceptualPrint>();
  const printOfBytes = new Map<string, PerceptualPrint>();
  for (const { image: id, print } of collection.catalog.previews.prints()) {
    const image = byId.get(id);
    if (image === undefined || print.length !== printLength) continue;
    const { sha256 } = images[image]!;
    const found = (sha256 === null ? undefined : printOfBytes.get(sha256)) ?? decodePrint(print);
    if (sha256 !== null) printOfBytes.set(sha256, found);
    printAt.set(image, found);
  }
  const printed: number[] = [];
  const prints: PerceptualPrint[] = [];
  for (const [image, { sha256 }] of images.entries()) {
    const print = printAt.get(image) ?? (sha256 === null ? undefined : printOfBytes.get(sha256));
    if (!print) continue;
    printed.push(image);
    prints.push(print);
  }
  return { printed, prints };
}

/** Every image with its nearest few by the model, by their numbers among those with a print. */
async function neighbourPairs(
  { vectors }: Collection,
  numbers: ReadonlyMap<number, number>,
  threads: number | undefined,
  signal: AbortSignal | undefined,
): Promise<(readonly [number, number])[]> {
  const { dimension } = vectors;
  const blocks = [...vectors.all().blocks];
  const count = blocks.reduce((sum, { ids }) => sum + ids.length, 0);
  const ids = new Uint32Array(count);
  const all = new Float32Array(count * dimension);
  let at = 0;
  for (const block of blocks) {
    ids.set(block.ids, at);
    all.set(block.vectors, at * dimension);
    at += block.ids.length;
  }
  const pairs: (readonly [number, number])[] = [];
  for await (const { firstQuery, k, indices } of nearestNeighbours({
    queries: all,
    gallery: all,
    dimension,
    k: Math.min(nearest, Math.max(0, count - 1)),
    excludeSelf: true,
    threads,
    signal,
  }))
    for (const [i, neighbour] of indices.entries()) {
      if (neighbour < 0) continue;
      const one = numbers.get(ids[firstQuery + Math.floor(i / k)]!);
      const other = numbers.get(ids[neighbour]!);
      if (one !== undefined && other !== undefined) pairs.push([one, other]);
    }
  return pairs;
}
