import { type CatalogDatabase, jsonParameter } from './database.js';

/** What is to become of a copy. */
export type Decision = 'keep' | 'trash';

export interface DecidedImage {
  readonly id: number;
  /** `null` takes back what was decided. */
  readonly decision: Decision | null;
}

/** What was decided of images. It holds as long as their bytes stay as they were, and while their files are there. */
export class DecisionTable {
  constructor(private readonly db: CatalogDatabase) {}

  /** Nothing that a search finds changes by this: it needs no number. Ids of no image are left out. */
  put(decided: readonly DecidedImage[]): void {
    const taken = decided.filter(({ decision }) => decision !== null);
    this.db.transaction(() => {
      this.clear(decided.filter(({ decision }) => decision === null).map(({ id }) => id));
      this.db.run(
        `INSERT INTO decisions (image, decision, sha256, decided_at)
         SELECT images.id, wanted.value->>1, images.sha256, ? FROM json_each(?) AS wanted
         CROSS JOIN images ON images.id = wanted.value->>0 WHERE true
         ON CONFLICT (image) DO UPDATE SET decision = excluded.decision, sha256 = excluded.sha256,
           decided_at = excluded.decided_at`,
        new Date().toISOString(),
        jsonParameter(taken.map(({ id, decision }) => [id, decision])),
      );
    });
  }

  /** Those that hold, by the ids of the images. */
  all(): Map<number, Decision> {
    return new Map(
      this.db.json<[number, Decision]>('json_array(decisions.image, decisions.decision)', inForce),
    );
  }

  /** Ids of the images that are to be trash, ascending. */
  toTrash(): number[] {
    return this.db
      .json<number>('decisions.image', `${inForce} WHERE decisions.decision = 'trash'`)
      .sort((a, b) => a - b);
  }

  /** How many images are to be trash, and their bytes. */
  trashSize(): { readonly images: number; readonly bytes: number } {
    const [images, bytes] = this.db.row<[number, number]>(
      `SELECT count(*), coalesce(sum(images.size), 0) FROM ${inForce} WHERE decisions.decision = 'trash'`,
    )!;
    return { images, bytes };
  }

  clear(ids: readonly number[]): void {
    if (ids.length === 0) return;
    this.db.run('DELETE FROM decisions WHERE image IN (SELECT value FROM json_each(?))', jsonParameter(ids));
  }
}

const inForce = `decisions JOIN images ON images.id = decisions.image AND images.missing_since IS NULL
  AND decisions.sha256 IS images.sha256`;
