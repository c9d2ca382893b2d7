import { type CatalogDatabase, jsonParameter } from './database.js';
import type { RecordMetadata } from './image-record.js';

/** What was set by hand of an image: no source sets it back. */
export interface Edit {
  readonly label: boolean;
  readonly split: boolean;
  /** Names of metadata, those that were taken away among them. */
  readonly metadata: readonly string[];
}

/** What is to be set. What is left out stays. */
export interface EditedValues {
  readonly label?: string | null;
  readonly split?: string | null;
  /** Laid over what there is; `null` takes a name away. */
  readonly metadata?: RecordMetadata;
}

/** Images whose metadata is held at a time. */
const blockLength = 1000;

export class EditTable {
  constructor(private readonly db: CatalogDatabase) {}

  /**
   * Sets what was edited of some images, and remembers what that was. To be called in a write.
   * @returns how many of them there are
   */
  set(ids: readonly number[], { label, split, metadata }: EditedValues): number {
    const wanted = jsonParameter([...new Set(ids)]);
    const isOne = 'id IN (SELECT value FROM json_each(?))';
    return this.db.transaction(() => {
      if (label !== undefined) this.db.run(`UPDATE images SET label = ? WHERE ${isOne}`, label, wanted);
      if (split !== undefined) this.db.run(`UPDATE images SET split = ? WHERE ${isOne}`, split, wanted);
      if (metadata !== undefined) this.#lay(metadata, ids);
      this.db.run(
        `INSERT INTO edits (image, label, split, metadata, edited_at)
         SELECT id, ?, ?, ?, ? FROM images WHERE ${isOne}
         ON CONFLICT (image) DO UPDATE SET label = max(label, excluded.label), split = max(split, excluded.split),
           metadata = (SELECT json_group_array(value) FROM (SELECT value FROM json_each(edits.metadata)
             UNION SELECT value FROM json_each(excluded.metadata))), edited_at = excluded.edited_at`,
        label === undefined ? 0 : 1,
        split === undefined ? 0 : 1,
        jsonParameter(Object.keys(metadata ?? {})),
        new Date().toISOString(),
        wanted,
      );
      return this.db.row<[number]>(`SELECT count(*) FROM images WHERE ${isOne}`, wanted)![0];
    });
  }

  /** Whether anything of an image was set by hand. */
  has(image: number): boolean {
    return this.db.row('SELECT 1 FROM edits WHERE image = ?', image) !== undefined;
  }

  /** What was set by hand of some images, of those where anything was. */
  of(images: readonly number[]): Map<number, Edit> {
    const rows = this.db.json<[image: number, label: number, split: number, metadata: string[]]>(
      'json_array(edits.image, edits.label, edits.split, json(edits.metadata))',
      'json_each(?) AS wanted CROSS JOIN edits ON edits.image = wanted.value',
      jsonParameter(images),
    );
    return new Map(
      rows.map(([image, label, split, metadata]) => [
        image,
        { label: label === 1, split: split === 1, metadata },
      ]),
    );
  }

  #lay(metadata: RecordMetadata, ids: readonly number[]): void {
    const isTaken = (name: string) => Object.hasOwn(metadata, name) && metadata[name] === null;
    for (let first = 0; first < ids.length; first += blockLength) {
      const known = this.db.json<[image: number, metadata: RecordMetadata]>(
        'json_array(images.id, json(images.metadata))',
        'json_each(?) AS wanted CROSS JOIN images ON images.id = wanted.value',
        jsonParameter(ids.slice(first, first + blockLength)),
      );
      const laid = known.map(([id, before]) => [
        id,
        Object.fromEntries(Object.entries({ ...before, ...metadata }).filter(([name]) => !isTaken(name))),
      ]);
      this.db.run(
        `UPDATE images SET metadata = laid.value->1 FROM json_each(?) AS laid WHERE images.id = laid.value->>0`,
        jsonParameter(laid),
      );
    }
  }
}
