import { createHash } from 'node:crypto';
import { jsonParameter } from '../../../collection/catalog/database.js';
import type { Collection } from '../../../collection/collection.js';
import { type Derived, type DerivedOrigin, isSameOrigin } from '../derived/derived-state.js';
import { DuplicatesFile, type StoredDuplicates, type StoredGroup } from './duplicates-file.js';

/** An image of a group that is there, with the bytes that were compared. */
export interface PresentCopy {
  readonly id: number;
  readonly sha256: string | null;
  readonly bytes: number;
}

/** Images of which one is enough. */
export interface PresentGroup {
  /** `exact` where all are of the same bytes. */
  readonly kind: 'exact' | 'near';
  readonly distance: number;
  /** Two at least, the best first. */
  readonly images: readonly PresentCopy[];
}

/** What is known of the copies of a collection as it is now. */
export interface PresentDuplicates {
  readonly isStale: boolean;
  readonly computedAt: string;
  readonly groups: readonly PresentGroup[];
}

/**
 * The groups that the last job `duplicates` found, without images that are gone or of other bytes since. They are made anew only
 * where the file or the catalog has been written to.
 */
export class PresentGroups {
  readonly #file: DuplicatesFile;
  #made:
    | { readonly of: Derived<StoredDuplicates>; readonly change: number; readonly found: PresentDuplicates }
    | undefined;

  constructor(private readonly collection: Collection) {
    this.#file = new DuplicatesFile(collection.directory);
  }

  /** `undefined` where nobody has looked for copies yet. */
  async read(): Promise<PresentDuplicates | undefined> {
    const stored = await this.#file.read();
    if (stored === undefined) return undefined;
    const { catalog } = this.collection;
    const change = catalog.change();
    if (this.#made?.of !== stored || this.#made.change !== change) {
      const found = catalog.db.snapshot(() => presentOf(this.collection, stored));
      this.#made = { of: stored, change, found };
    }
    return this.#made.found;
  }
}

function presentOf(collection: Collection, stored: Derived<StoredDuplicates>): PresentDuplicates {
  const there = presentCopies(collection, stored.content);
  const groups = stored.content.groups.flatMap((group) => presentGroup(group, there) ?? []);
  return { isStale: isStale(collection, stored.origin, there), computedAt: stored.computedAt, groups };
}

/** Images of the groups that are there with the bytes that they had, by their ids. */
function presentCopies({ catalog }: Collection, { groups }: StoredDuplicates): Map<number, PresentCopy> {
  const compared = new Map(groups.flatMap(({ images }) => images));
  const rows = catalog.db.json<[number, string | null, number | null]>(
    'json_array(images.id, images.sha256, images.size)',
    `json_each(?) AS wanted CROSS JOIN images ON images.id = wanted.value AND images.missing_since IS NULL`,
    jsonParameter([...compared.keys()]),
  );
  return new Map(
    rows
      .filter(([id, sha256]) => compared.get(id) === sha256)
      .map(([id, sha256, size]) => [id, { id, sha256, bytes: size ?? 0 }]),
  );
}

function presentGroup(
  { distance, images }: StoredGroup,
  there: ReadonlyMap<number, PresentCopy>,
): PresentGroup | undefined {
  const present = images.flatMap(([id]) => there.get(id) ?? []);
  if (present.length < 2) return undefined;
  const first = present[0]!.sha256;
  const same = first !== null && present.every(({ sha256 }) => sha256 === first);
  return {
    kind: same ? 'exact' : 'near',
    distance: same ? 0 : distance,
    images: present,
  };
}

/** The same as long as the images of a group are. Only of those that are shown, as there may be very many. */
export function groupKey({ images }: PresentGroup): string {
  const names = images.map(({ id, sha256 }) => `${id} ${sha256}`).sort();
  return createHash('sha256').update(names.join('\n')).digest('hex').slice(0, 24);
}

/**
 * Whether images have come or changed since that were not compared. That some are gone changes nothing for the others, and what
 * was gone for a while was compared, if it is in a group.
 */
function isStale(
  collection: Collection,
  origin: DerivedOrigin,
  there: ReadonlyMap<number, PresentCopy>,
): boolean {
  if (!isSameOrigin(collection, origin)) return true;
  const changed = collection.catalog.db.json<number>(
    'image',
    `(SELECT changes.image FROM changes JOIN images ON images.id = changes.image
      WHERE changes.change > ? AND images.missing_since IS NULL LIMIT ?)`,
    origin.change,
    there.size + 1,
  );
  return changed.some((id) => !there.has(id));
}
