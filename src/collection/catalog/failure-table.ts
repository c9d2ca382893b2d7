import { type CatalogDatabase, jsonParameter } from './database.js';
import type { FileState, ImagePlace } from './image-record.js';

/** A file that could not be used. */
export interface Failure extends ImagePlace, FileState {
  readonly source: number;
  readonly reason: string;
}

type Columns = [string, string, number | null, number | null, number, string];

const columns = ['path', 'entry', 'size', 'mtime', 'source', 'reason']
  .map((column) => `failures.${column}`)
  .join(', ');

export class FailureTable {
  constructor(private readonly db: CatalogDatabase) {}

  /** Notes failures; a place has no more than its last. */
  put(failures: readonly Failure[]): void {
    if (failures.length === 0) return;
    this.db.run(
      `INSERT INTO failures (path, entry, size, mtime, source, reason, failed_at)
       SELECT value->>0, value->>1, value->>2, value->>3, value->>4, value->>5, ? FROM json_each(?) WHERE true
       ON CONFLICT (path, entry) DO UPDATE SET size = excluded.size, mtime = excluded.mtime, source = excluded.source,
         reason = excluded.reason, failed_at = excluded.failed_at`,
      new Date().toISOString(),
      jsonParameter(failures.map((f) => [f.path, f.entry, f.size, f.mtime, f.source, f.reason])),
    );
  }

  /** Those at some places, in no order. */
  at(places: readonly ImagePlace[]): Failure[] {
    return this.#read(
      `json_each(?) AS wanted CROSS JOIN failures
       ON failures.path = wanted.value->>0 AND failures.entry = wanted.value->>1`,
      jsonParameter(places.map(({ path, entry }) => [path, entry])),
    );
  }

  all(): Failure[] {
    return this.#read('(SELECT * FROM failures ORDER BY path, entry) AS failures');
  }

  count(): number {
    return this.db.row<[number]>('SELECT count(*) FROM failures')![0];
  }

  remove(places: readonly ImagePlace[]): void {
    if (places.length === 0) return;
    this.db.run(
      `DELETE FROM failures WHERE rowid IN (SELECT failures.rowid FROM json_each(?) AS wanted CROSS JOIN failures
         ON failures.path = wanted.value->>0 AND failures.entry = wanted.value->>1)`,
      jsonParameter(places.map(({ path, entry }) => [path, entry])),
    );
  }

  #read(from: string, ...params: string[]): Failure[] {
    return this.db
      .json<Columns>(`json_array(${columns})`, from, ...params)
      .map(([path, entry, size, mtime, source, reason]) => ({ path, entry, size, mtime, source, reason }));
  }
}
