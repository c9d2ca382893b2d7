import { type CatalogDatabase, jsonParameter, type SqlCondition, type SqlValue } from './database.js';
import {
  type FileState,
  type ImageColumns,
  type ImagePlace,
  type ImageRecord,
  imageColumns,
  imageOf,
  type NewImage,
  placeKey,
  type RecordMetadata,
} from './image-record.js';

/** All images that are not missing. */
export const present: SqlCondition = { sql: 'images.missing_since IS NULL', params: [] };

/** All images whose files are gone. */
export const absent: SqlCondition = { sql: 'images.missing_since IS NOT NULL', params: [] };

/** All images, those whose files are gone among them. */
export const everything: SqlCondition = { sql: 'true', params: [] };

export interface PageOptions {
  readonly offset?: number;
  readonly limit: number;
}

/** Images at a time where all are walked through. */
const blockLength = 1000;

/** The images of a catalog. Conditions speak of columns of `images`. */
export class ImageTable {
  constructor(private readonly db: CatalogDatabase) {}

  /**
   * Adds images; where there is one at a place already, it gets the new values and keeps its id and when it was added.
   * @returns the ids, in the order of the images
   */
  put(images: readonly NewImage[]): number[] {
    if (images.length === 0) return [];
    const now = new Date().toISOString();
    const values = images.map((image) => [
      image.path,
      image.entry,
      image.size,
      image.mtime,
      image.source,
      image.archived ?? null,
      image.name,
      image.sha256,
      image.width,
      image.height,
      image.format,
      image.label,
      image.split,
      image.metadata,
      image.addedAt ?? now,
    ]);
    const ids = this.db.transaction(() => {
      this.db.run(
        `INSERT INTO images (path, entry, size, mtime, source, archived, name, sha256, width, height, format, label,
           split, metadata, added_at)
         SELECT value->>0, value->>1, value->>2, value->>3, value->>4, value->>5, value->>6, value->>7, value->>8,
           value->>9, value->>10, value->>11, value->>12, value->13, value->>14 FROM json_each(?) WHERE true
         ON CONFLICT (path, entry) DO UPDATE SET size = excluded.size, mtime = excluded.mtime,
           source = excluded.source, archived = excluded.archived, name = excluded.name, sha256 = excluded.sha256,
           width = excluded.width, height = excluded.height, format = excluded.format, label = excluded.label,
           split = excluded.split, metadata = excluded.metadata, missing_since = NULL`,
        jsonParameter(values),
      );
      return this.#idsAt(images);
    });
    return images.map((image) => ids.get(placeKey(image))!);
  }

  /** Those of some ids, in the order of the ids; ids that there are not are left out. */
  byId(ids: ArrayLike<number>): ImageRecord[] {
    const found = this.#read(
      'json_each(?) AS wanted CROSS JOIN images ON images.id = wanted.value',
      jsonParameter(Array.from(ids)),
    );
    const byId = new Map(found.map((image) => [image.id, image]));
    return Array.from(ids).flatMap((id) => byId.get(id) ?? []);
  }

  /** Those at some places, in no order. */
  at(places: readonly ImagePlace[]): ImageRecord[] {
    const wanted = jsonParameter(places.map(({ path, entry }) => [path, entry]));
    return this.#read(
      'json_each(?) AS wanted CROSS JOIN images ON images.path = wanted.value->>0 AND images.entry = wanted.value->>1',
      wanted,
    );
  }

  /** Some of those that are missing, by the index of these. */
  missingIds(limit: number): Uint32Array {
    const some = '(SELECT id FROM images WHERE missing_since IS NOT NULL LIMIT ?)';
    return Uint32Array.from(this.db.json<number>('id', some, limit));
  }

  /** Those with these bytes, missing ones too, in no order. */
  withSha256(hashes: readonly string[]): ImageRecord[] {
    return this.#read(
      'json_each(?) AS wanted CROSS JOIN images ON images.sha256 = wanted.value',
      jsonParameter([...new Set(hashes)]),
    );
  }

  /** Hashes of the bytes of some images, by id. */
  sha256Of(ids: readonly number[]): Map<number, string | null> {
    return new Map(
      this.db.json<[number, string | null]>(
        'json_array(images.id, images.sha256)',
        'json_each(?) AS wanted CROSS JOIN images ON images.id = wanted.value',
        jsonParameter(ids),
      ),
    );
  }

  /** Which of some lengths in bytes an image has: only files of these can be copies of one that is known. */
  knownSizes(sizes: readonly number[]): Set<number> {
    return new Set(
      this.db.json<number>(
        'wanted.value',
        'json_each(?) AS wanted WHERE EXISTS (SELECT 1 FROM images WHERE size = wanted.value)',
        jsonParameter(sizes),
      ),
    );
  }

  /** Ids of those that meet a condition, ascending. */
  ids(where: SqlCondition = present): Uint32Array {
    const ids = this.db.json<number>('images.id', `images WHERE ${where.sql}`, ...where.params);
    return Uint32Array.from(ids).sort();
  }

  count(where: SqlCondition = present): number {
    return this.db.row<[number]>(`SELECT count(*) FROM images WHERE ${where.sql}`, ...where.params)![0];
  }

  /** Some of those that meet a condition, in the order of their ids. */
  page(where: SqlCondition, { offset = 0, limit }: PageOptions): ImageRecord[] {
    return this.#read(
      `(SELECT * FROM images WHERE ${where.sql} ORDER BY images.id LIMIT ? OFFSET ?) AS images`,
      ...where.params,
      limit,
      offset,
    );
  }

  /** All that meet a condition, in the order of their ids. What is written meanwhile may be in it or not. */
  *each(where: SqlCondition = present): Generator<ImageRecord> {
    let last = 0;
    for (;;) {
      const block = this.#read(
        `(SELECT * FROM images WHERE ${where.sql} AND images.id > ? ORDER BY images.id LIMIT ?) AS images`,
        ...where.params,
        last,
        blockLength,
      );
      yield* block;
      if (block.length < blockLength) return;
      last = block.at(-1)!.id;
    }
  }

  /** How many images there are of each label, the most first; `null` of those without one. */
  labels(where: SqlCondition = present): { readonly label: string | null; readonly images: number }[] {
    const rows = this.db.rows<[string | null, number]>(
      `SELECT label, count(*) AS n FROM images WHERE ${where.sql} GROUP BY label ORDER BY n DESC, label`,
      ...where.params,
    );
    return rows.map(([label, images]) => ({ label, images }));
  }

  /** A file that has the bytes that it had, but another date. */
  touch(id: number, { size, mtime }: FileState): void {
    this.db.run('UPDATE images SET size = ?, mtime = ? WHERE id = ?', size, mtime, id);
  }

  /** Images that are to be looked at anew, whatever their files are: what is known of those is forgotten. */
  forgetStates(ids: ArrayLike<number>): void {
    this.#write(
      'UPDATE images SET size = NULL, mtime = NULL, sha256 = NULL WHERE id IN (SELECT value FROM json_each(?))',
      jsonParameter(Array.from(ids)),
    );
  }

  /**
   * An image whose file has been renamed or moved; it is there again.
   * @returns `false` where there is no such image
   */
  move(id: number, to: ImagePlace & FileState & Pick<NewImage, 'source' | 'name' | 'archived'>): boolean {
    const moved = this.db.run(
      `UPDATE images SET path = ?, entry = ?, size = ?, mtime = ?, source = ?, name = ?, archived = ?,
         missing_since = NULL WHERE id = ?`,
      to.path,
      to.entry,
      to.size,
      to.mtime,
      to.source,
      to.name,
      to.archived ?? null,
      id,
    );
    return moved > 0;
  }

  describe(
    id: number,
    about: Partial<{ label: string | null; split: string | null; metadata: RecordMetadata }>,
  ) {
    const { label, split, metadata } = about;
    if (label !== undefined) this.db.run('UPDATE images SET label = ? WHERE id = ?', label, id);
    if (split !== undefined) this.db.run('UPDATE images SET split = ? WHERE id = ?', split, id);
    if (metadata !== undefined)
      this.db.run('UPDATE images SET metadata = ? WHERE id = ?', jsonParameter(metadata), id);
  }

  /** @returns how many were not marked before */
  markMissing(ids: ArrayLike<number>, since = new Date().toISOString()): number {
    return this.#write(
      'UPDATE images SET missing_since = ? WHERE missing_since IS NULL AND id IN (SELECT value FROM json_each(?))',
      since,
      jsonParameter(Array.from(ids)),
    );
  }

  /** @returns how many were marked */
  markPresent(ids: ArrayLike<number>): number {
    return this.#write(
      'UPDATE images SET missing_since = NULL WHERE missing_since IS NOT NULL AND id IN (SELECT value FROM json_each(?))',
      jsonParameter(Array.from(ids)),
    );
  }

  /** Removes images with all that belongs to them. @returns how many there were */
  remove(ids: ArrayLike<number>): number {
    return this.#write(
      'DELETE FROM images WHERE id IN (SELECT value FROM json_each(?))',
      jsonParameter(Array.from(ids)),
    );
  }

  #write(sql: string, ...params: SqlValue[]): number {
    return this.db.transaction(() => this.db.run(sql, ...params));
  }

  #read(from: string, ...params: SqlValue[]): ImageRecord[] {
    return this.db.json<ImageColumns>(`json_array(${imageColumns})`, from, ...params).map(imageOf);
  }

  #idsAt(places: readonly ImagePlace[]): Map<string, number> {
    const wanted = jsonParameter(places.map(({ path, entry }) => [path, entry]));
    const rows = this.db.json<[string, string, number]>(
      'json_array(images.path, images.entry, images.id)',
      'json_each(?) AS wanted CROSS JOIN images ON images.path = wanted.value->>0 AND images.entry = wanted.value->>1',
      wanted,
    );
    return new Map(rows.map(([path, entry, id]) => [placeKey({ path, entry }), id]));
  }
}
